/* The summary of the alerts -> how full each queue's budget is, and how good the alerts of the last days were.
 *
 * A share of few is no proof: under ENOUGH judged alerts only the counts are shown. */

import { ENOUGH } from "../alert_state.js";
import { bandShape } from "../charts.js";
import { h, svg } from "../dom.js";
import { clock, duration, number, percent, plural, t, word } from "../strings.js";

/** @param {object[]} queues @returns {HTMLElement[]} */
export function budgets(queues) {
  const heading = h("h3", { id: "alerts-budgets" }, t("alerts.budget.heading"));
  return [heading, h("p", { class: "hint" }, t("alerts.budget.hint")), h("ul", {}, ...queues.map(budget))];
}

function budget({ queue, budget: most, used_last_hour: used, held, next_slot_at: nextSlot }) {
  const said = most === null ? plural("alerts.budget.unlimited", used) : plural("alerts.budget.used", used, { most: number(most) });
  const why = held ? h("p", { class: "budget-held" }, heldWords(held, nextSlot)) : null;
  const safety = queue === "safety" ? h("p", { class: "hint" }, t("alerts.budget.safety")) : null;
  return h("li", { "data-queue": queue, "data-full": most !== null && used >= most }, h("b", {}, word("queue", queue)), h("span", {}, said), most === null ? null : bar(used / most), why, safety);
}

function heldWords(held, nextSlot) {
  const said = plural("alerts.budget.held", held);
  return nextSlot === null ? said : `${said} ${t("alerts.budget.next", { time: clock(nextSlot) })}`;
}

function bar(share) {
  const filled = svg("rect", { width: percent(Math.min(1, share)), height: 4 });
  return svg("svg", { class: "budget-bar", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }, filled);
}

/** @param {object} summary as `GET /v1/alerts/summary` answers @returns {HTMLElement[]} */
export function record({ days, precision, queues, track_record: levels }) {
  const active = queues.filter(({ opened }) => opened);
  return [
    h("h3", { id: "alerts-record" }, plural("alerts.record.heading", days)),
    h("p", {}, overall(precision)),
    h("p", { class: "hint" }, t("alerts.record.hint", { n: number(ENOUGH) })),
    h("div", { class: "alerts-tables" }, levelTable(levels), active.length ? queueTable(active) : null),
  ];
}

function overall({ justified, judged }) {
  return judged ? t("alerts.record.overall", { right: right({ justified, judged }) }) : t("alerts.record.none");
}

/* "58 of 100 (58 %)", or the counts alone. */
function right({ justified, judged }) {
  if (!judged) return t("alerts.record.unjudged");
  const slots = { right: number(justified), judged: number(judged) };
  return judged < ENOUGH ? t("alerts.record.counts", slots) : t("alerts.record.share", { ...slots, share: number(justified / judged, { style: "percent" }) });
}

function levelTable(levels) {
  const rows = levels.toReversed().map(({ band, from_level: from, to_level: to, precision }) => {
    const name = h("span", { class: "record-band", "data-band": band }, bandShape(band), word("band", band), ` ${percent(from)}–${percent(to)}`);
    return [name, right(precision)];
  });
  return table("alerts.record.levels", ["alerts.record.level", "alerts.record.right"], rows);
}

function queueTable(queues) {
  const rows = queues.map((queue) => [word("queue", queue.queue), number(queue.opened), right(queue.precision), soon(queue.acknowledged), number(queue.climbs), number(queue.withdrawn)]);
  return table("alerts.record.queues", ["filter.queue", "alerts.record.opened", "alerts.record.right", "alerts.record.soon", "alerts.record.climbs", "alerts.record.withdrawn"], rows);
}

function soon({ count, median_s: median, p90_s: slow }) {
  if (!count) return t("alerts.record.nobody");
  const slots = { median: duration(median), n: number(count) };
  return count < ENOUGH ? t("alerts.record.soon.counts", slots) : t("alerts.record.soon.spread", { ...slots, slow: duration(slow) });
}

function table(caption, heads, rows) {
  const head = h("tr", {}, ...heads.map((key) => h("th", { scope: "col" }, t(key))));
  const body = rows.map(([first, ...cells]) => h("tr", {}, h("th", { scope: "row" }, first), ...cells.map((cell) => h("td", {}, cell))));
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": t(caption) }, h("table", {}, h("caption", {}, t(caption)), h("thead", {}, head), h("tbody", {}, ...body)));
}
