/* What the labels of some days say -> tables: per label, per person and language, and how far people agree. */

import { h } from "../dom.js";
import { number, plural, t, word } from "../strings.js";
import { nameOf } from "./label_reasons.js";

/** @param {object} summary as the API tells it @returns {HTMLElement[]} */
export function summaryTables(summary) {
  if (!summary.turns) return [h("p", {}, t("labels.summary.none"))];
  const counts = [...summary.people.map((count) => [count.name, number(count.turns)]), ...summary.languages.map((count) => [word("language", count.name), number(count.turns)])];
  return [
    h("p", { class: "labels-caution" }, `${plural("labels.summary.turns", summary.turns)} ${t("labels.summary.caution")}`),
    table("labels.table.signals", ["labels.column.label", "labels.column.labelled", "labels.column.raised", "labels.column.precision", "labels.column.confirmed"], summary.signals.map(signalRow)),
    h("div", { class: "labels-tables" },
      table("labels.table.counts", ["labels.column.who", "labels.column.turns"], counts),
      summary.agreement.length
        ? table("labels.table.agreement", ["labels.column.people", "labels.column.label", "labels.column.turns", "labels.column.agreed", "labels.column.kappa"], summary.agreement.map(agreementRow))
        : null,
    ),
  ];
}

function signalRow({ label, labelled, raised, precision, confirmed }) {
  return [nameOf(label), number(labelled), number(raised), share(precision), share(confirmed)];
}

function agreementRow({ people, label, turns, agreed, kappa }) {
  return [people.join(" · "), nameOf(label), number(turns), number(agreed), kappa === null ? "–" : number(kappa, { maximumFractionDigits: 2 })];
}

/* "62 % (8 of 13; 36–82 %)": a share of few is worth its interval. */
function share(found) {
  if (!found || found.share === null) return "–";
  const rounded = (value) => Math.round(value * 100);
  return t("labels.share", { percent: rounded(found.share), confirmed: number(found.confirmed), of: number(found.of), low: rounded(found.low), high: rounded(found.high) });
}

function table(caption, columns, rows) {
  const head = h("tr", {}, ...columns.map((key, place) => h("th", { scope: "col", class: place ? "number" : null }, t(key))));
  const body = rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), ...rest.map((cell) => h("td", { class: "number" }, cell))));
  const filled = h("table", {}, h("caption", {}, t(caption)), h("thead", {}, head), h("tbody", {}, ...body));
  return h("div", { class: "labels-table", role: "group", "aria-label": t(caption), tabindex: "0" }, filled);
}
