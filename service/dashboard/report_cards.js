/* A report of the API -> the cards of the page: tiles, charts with their tables, reasons, groups. */

import { chart, shareBars, shareRows, timeLines } from "./charts_report.js";
import { h, svg } from "./dom.js";
import { groupName, intervalText, ofText, percentText, periodNames, sharePoint, SHARES, shareText, timePoint, TIMES, timeText } from "./report_figures.js";
import { moved, SMALL } from "./shares.js";
import { number, plural, t } from "./strings.js";

let lastId = 0;

/** The five numbers of the span, beside those of the span before. @param {object} total @param {object} earlier */
export function tiles(total, earlier) {
  const shares = Object.keys(SHARES).map((name) => shareTile(name, SHARES[name](total), SHARES[name](earlier)));
  const times = Object.keys(TIMES).map((name) => timeTile(name, TIMES[name](total), TIMES[name](earlier)));
  return h("dl", { class: "tiles" }, shares[0], times[0], shares[1], times[1], shares[2]);
}

function shareTile(name, now, before) {
  const how = moved(now, before);
  const compared = how === null ? t("reports.before.none") : t(`reports.before.${how}`, { value: shareText(before), of: ofText(before) });
  return tile(name, shareText(now), now.whole >= SMALL ? ofText(now) : now.whole ? "" : t("reports.tile.none"), compared);
}

function timeTile(name, now, before) {
  const basis = now.count ? plural(`reports.count.${name}`, now.count) : t("reports.tile.none");
  const compared = before.median === null ? t("reports.before.none") : t("reports.before.time", { value: timeText(before.median), n: number(before.count) });
  return tile(name, timeText(now.median), basis, compared);
}

function tile(name, value, basis, compared) {
  return h("div", { class: "tile", "data-figure": name }, h("dt", {}, t(`reports.tile.${name}`)), h("dd", { class: "tile-value" }, value), h("dd", {}, basis), h("dd", { class: "tile-before" }, compared));
}

/** The chart of a share by period. @param {string} name @param {object} report @param {string} csv @param {boolean} [isWide] */
export function shareCard(name, report, csv, isWide = false) {
  const rows = report.rows.map((row) => ({ names: periodNames(report.by, row), counted: SHARES[name](row) }));
  const total = SHARES[name](report.total);
  const points = rows.map(({ names, counted }) => sharePoint(names.short, names.long, counted));
  const rest = Object.keys(total.rest ?? {});
  const cells = (counted) => [number(counted.part), number(counted.whole), shareText(counted), intervalText(counted), ...rest.map((key) => number(counted.rest[key]))];
  const head = [t(`reports.part.${name}`), t(`reports.whole.${name}`), t("reports.share"), t("reports.interval"), ...rest.map((key) => t(`reports.rest.${key}`))];
  const label = t("reports.chart.label", { title: t(`reports.chart.${name}`), rest: sharePoint("", t("reports.all"), total).says });
  const drawing = total.whole ? chart((width) => shareBars(points, { width, label, percent: percentText }), sharePoint("", t("reports.all"), total).says) : empty(name);
  const notes = points.some((point) => point.small) ? [h("p", { class: "hint" }, sample("small"), t("reports.small", { n: SMALL }))] : [];
  return card(name, csv, [drawing, ...notes], table(name, head, rows.map(({ names, counted }) => [names.long, ...cells(counted)]), [t("reports.all"), ...cells(total)]), { isWide });
}

/** The chart of two times by period. @param {string} name @param {object} report @param {string} csv */
export function timeCard(name, report, csv) {
  const rows = report.rows.map((row) => ({ names: periodNames(report.by, row), timed: TIMES[name](row) }));
  const total = TIMES[name](report.total);
  const points = rows.map(({ names, timed }) => timePoint(names.short, names.long, timed));
  const rest = Object.keys(total.rest);
  const cells = (timed) => [number(timed.count), timeText(timed.median), timeText(timed.p90), ...rest.map((key) => number(timed.rest[key]))];
  const head = [t(`reports.whole.${name}`), t("reports.median"), t("reports.p90"), ...rest.map((key) => t(`reports.rest.${key}`))];
  const all = timePoint("", t("reports.all"), total).says;
  const label = t("reports.chart.label", { title: t(`reports.chart.${name}`), rest: all });
  const legend = h("p", { class: "legend" }, sample("median"), t("reports.median"), sample("p90"), t("reports.p90.long"));
  const drawing = total.count ? [legend, chart((width) => timeLines(points, { width, label, time: timeText }), all)] : [empty(name)];
  return card(name, csv, drawing, table(name, head, rows.map(({ names, timed }) => [names.long, ...cells(timed)]), [t("reports.all"), ...cells(total)]));
}

/** All figures of each group, whatever group is chosen above. @param {"language"|"queue"} kind @param {object} report @param {string} csv */
export function groupCard(kind, report, csv) {
  const rows = report.groups.map((group) => ({ name: groupName(kind, group.group), group })).sort((a, b) => b.group.conversations - a.group.conversations);
  const points = rows.slice(0, MAX_ROWS).map(({ name, group }) => sharePoint(name, name, SHARES.escalation(group)));
  const overall = SHARES.escalation(report.total);
  const all = sharePoint("", t("reports.all"), overall).says;
  const label = t("reports.chart.label", { title: t(`reports.chart.${kind}`), rest: all });
  const share = overall.whole ? overall.part / overall.whole : null;
  const drawing = rows.length ? chart((width) => shareRows(points, { width, label, percent: percentText, overall: share }), all) : empty("escalation");
  const legend = rows.length ? [h("p", { class: "legend" }, sample("median"), t("reports.group.dot"), sample("overall"), t("reports.group.line"))] : [];
  const cut = rows.length > MAX_ROWS ? [h("p", { class: "hint" }, t("reports.group.more", { n: MAX_ROWS }))] : [];
  const cells = (f) => [number(f.conversations), number(f.escalated), shareText(SHARES.escalation(f)), timeText(f.first_response.median_s), shareText(SHARES.lasted(f)), timeText(f.resolution.median_s), shareText(SHARES.precision(f))];
  const head = ["conversations", "escalated", "rate", "response", "lasted", "resolution", "precision"].map((key) => t(`reports.column.${key}`));
  return card(kind, csv, [...legend, drawing, ...cut], table(kind, head, rows.map(({ name, group }) => [name, ...cells(group)]), [t("reports.all"), ...cells(report.total)]), { isWide: true, isOpen: true });
}

const MAX_ROWS = 20;

/** The rules that most often asked for a second person: the table is the chart. @param {object} report @param {string} csv */
export function reasonCard(report, csv) {
  const { reasons, conversations } = report.total;
  const most = Math.max(1, ...reasons.map((reason) => reason.conversations));
  const lines = reasons.map((reason) => {
    const bar = h("span", { class: "reason-bar", "aria-hidden": "true" });
    bar.style.width = `${(100 * reason.conversations) / most}%`;
    const words = h("th", { scope: "row" }, reason.because ?? t("reports.reason.gone"), " ", h("span", { class: "rule" }, reason.rule));
    return h("tr", {}, words, h("td", { class: "number" }, number(reason.conversations)), h("td", { class: "number" }, percentText(reason.conversations / conversations)), h("td", { class: "reason-cell" }, bar));
  });
  const head = h("tr", {}, h("th", { scope: "col" }, t("reports.column.reason")), h("th", { scope: "col", class: "number" }, t("reports.column.conversations")), h("th", { scope: "col", class: "number" }, t("reports.column.of")), h("td", {}));
  const body = lines.length ? h("table", { class: "grid reason-table" }, h("caption", { class: "unseen" }, t("reports.chart.reasons")), h("thead", {}, head), h("tbody", {}, ...lines)) : empty("reasons");
  return h("section", { class: "card report-card wide", "data-figure": "reasons", "aria-labelledby": "card-reasons" }, h("div", { class: "card-head" }, h("h3", { id: "card-reasons" }, t("reports.chart.reasons")), csvLink("reasons", csv)), body);
}

function card(name, csv, drawing, grid, { isWide = false, isOpen = false } = {}) {
  const id = `table-${(lastId += 1)}`;
  const scroller = h("div", { class: isOpen ? "table-place" : "table-place is-closed", id, role: "group", tabindex: "0", "aria-label": t(`reports.chart.${name}`) }, grid);
  const toggle = h("button", { class: "button quiet small", type: "button", "aria-expanded": String(isOpen), "aria-controls": id }, t("reports.table"));
  toggle.addEventListener("click", () => {
    const isClosed = scroller.classList.toggle("is-closed");
    toggle.setAttribute("aria-expanded", String(!isClosed));
  });
  const head = h("div", { class: "card-head" }, h("h3", { id: `card-${name}` }, t(`reports.chart.${name}`)), toggle, csvLink(name, csv));
  return h("section", { class: isWide ? "card report-card wide" : "card report-card", "data-figure": name, "aria-labelledby": `card-${name}` }, head, h("p", { class: "hint" }, t(`reports.about.${name}`)), ...drawing, scroller);
}

function csvLink(name, csv) {
  return h("a", { class: "button quiet small", href: csv, download: "", "aria-label": t("reports.csv.of", { title: t(`reports.chart.${name}`) }) }, "CSV");
}

function table(name, head, rows, total) {
  const cells = (row) => [h("th", { scope: "row" }, row[0]), ...row.slice(1).map((cell) => h("td", { class: "number" }, cell))];
  const first = t(["language", "queue"].includes(name) ? `reports.column.${name}` : "reports.column.period");
  return h(
    "table",
    { class: "grid" },
    h("caption", { class: "unseen" }, t(`reports.chart.${name}`)),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, first), ...head.map((title) => h("th", { scope: "col", class: "number" }, title)))),
    h("tbody", {}, ...rows.map((row) => h("tr", {}, ...cells(row)))),
    h("tfoot", {}, h("tr", {}, ...cells(total))),
  );
}

function empty(name) {
  return h("p", { class: "chart-empty" }, t(`reports.empty.${name}`));
}

/* A piece of the chart, before the word that explains it. */
function sample(kind) {
  const parts = {
    small: [svg("rect", { class: "bar small", x: 4, y: 2, width: 12, height: 10 })],
    median: [svg("path", { class: "median-line", d: "M0 7H20" }), svg("circle", { class: "median-dot", cx: 10, cy: 7, r: 4 })],
    p90: [svg("path", { class: "p90-line", d: "M0 7H20" }), svg("path", { class: "p90-dot", d: "M10 2.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z" })],
    overall: [svg("path", { class: "overall", d: "M10 0V14" })],
  };
  return svg("svg", { class: "sample", width: 20, height: 14, viewBox: "0 0 20 14", "aria-hidden": "true" }, ...parts[kind]);
}
