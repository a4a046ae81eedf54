/* The answer of a replay -> what the changed policy would have done, beside today's. */

import { addressOf } from "./address.js";
import { h, setAttribute } from "./dom.js";
import { shareText } from "./report_figures.js";
import { number, plural, t, word } from "./strings.js";

const KINDS = ["appears", "disappears", "earlier", "later", "more", "fewer", "action", "queue"];
const NOTHING = "–";

/** @param {object} answer of `POST /v1/replays` @returns {HTMLElement} */
export function resultView(answer) {
  const { diff, metrics } = answer;
  const says = plural("whatif.changed", diff.changed, { all: number(diff.conversations) });
  const parts = [
    h("h3", { tabindex: "-1" }, t("whatif.result")),
    h("p", { class: "result-says" }, diff.conversations ? says : t("whatif.empty")),
    h("p", { class: "hint" }, [t("whatif.versions", { today: diff.against.version, tried: answer.policy.version }), answer.more ? t("whatif.more") : ""].filter(Boolean).join(" ")),
  ];
  if (!diff.conversations) return h("section", { class: "card result" }, ...parts);
  return h("section", { class: "card result" }, ...parts, comparison(diff.metrics_before.all, metrics.all), h("p", { class: "hint" }, t("whatif.outcomes")), languages(diff.metrics_before, metrics), ...cases(diff));
}

/* What is counted, from the numbers of one side. */
const FIGURES = {
  alerts: (m) => number(m.alerts),
  alerted: (m) => number(m.alerted),
  precision: (m) => shareText({ part: m.alerted_escalated, whole: m.alerted_escalated + m.alerted_calm }),
  recall: (m) => shareText({ part: Math.round((m.recall ?? 0) * m.escalated), whole: m.escalated }),
  false: (m) => shareText({ part: m.alerted_calm, whole: m.labelled - m.escalated }),
  lead: (m) => (m.lead_median === null ? NOTHING : plural("whatif.turns", m.lead_median)),
};

function comparison(before, after) {
  const rows = Object.entries(FIGURES).map(([name, figure]) => {
    const [was, is] = [figure(before), figure(after)];
    const title = h("th", { scope: "row" }, t(`whatif.figure.${name}`), h("small", {}, t(`whatif.about.${name}`)));
    return h("tr", { "data-figure": name, "data-changed": was === is ? null : "" }, title, h("td", { class: "number" }, was), h("td", { class: "number" }, is));
  });
  const head = h("tr", {}, h("td", {}), h("th", { scope: "col", class: "number" }, t("whatif.today")), h("th", { scope: "col", class: "number" }, t("whatif.tried")));
  const caption = t("whatif.basis", { all: number(after.conversations), labelled: number(after.labelled), escalated: number(after.escalated) });
  return h("div", { class: "table-place" }, h("table", { class: "grid figures" }, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, ...rows)));
}

function languages(before, after) {
  const shown = ["alerts", "precision", "recall", "lead"];
  const names = Object.keys(after).filter((name) => name !== "all");
  const rows = names.map((name) =>
    h("tr", {}, h("th", { scope: "row" }, word("language", name)), h("td", { class: "number" }, number(after[name].conversations)), ...shown.map((figure) => bothCell(FIGURES[figure](before[name]), FIGURES[figure](after[name])))),
  );
  const head = [t("reports.column.language"), t("reports.column.conversations"), ...shown.map((figure) => t(`whatif.figure.${figure}`))];
  return scrolled(t("whatif.languages"), h("table", { class: "grid" }, h("caption", {}, t("whatif.languages")), h("thead", {}, h("tr", {}, ...head.map((title, i) => h("th", { scope: "col", class: i ? "number" : null }, title)))), h("tbody", {}, ...rows)));
}

function bothCell(was, is) {
  return h("td", { class: "number" }, was === is ? was : h("span", { class: "both" }, h("span", {}, was), " → ", h("strong", {}, is)));
}

function cases(diff) {
  if (!diff.cases.length) return [h("p", { class: "chart-empty" }, t("whatif.same"))];
  const rows = diff.cases.map((one) => ({ kinds: one.kinds, element: caseRow(one) }));
  const buttons = ["", ...KINDS.filter((kind) => diff.kinds[kind])].map((kind) => kindButton(kind, diff));
  const choose = (chosen) => {
    for (const button of buttons) setAttribute(button, "aria-pressed", String(button.dataset.kind === chosen));
    for (const { kinds, element } of rows) element.hidden = chosen !== "" && !kinds.includes(chosen);
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button.dataset.kind));
  choose("");
  const head = ["conversation", "outcome", "what", "today", "tried", "because"].map((name) => h("th", { scope: "col" }, t(`whatif.column.${name}`)));
  const table = h("table", { class: "grid cases" }, h("caption", { class: "unseen" }, t("whatif.cases")), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows.map((row) => row.element)));
  const left = diff.cases_left_out ? [h("p", { class: "hint" }, plural("whatif.left", diff.cases_left_out))] : [];
  return [h("h4", {}, t("whatif.cases")), h("div", { class: "kinds", role: "group", "aria-label": t("whatif.kinds") }, ...buttons), scrolled(t("whatif.cases"), table), ...left];
}

function kindButton(kind, diff) {
  const counted = kind ? diff.kinds[kind] : { conversations: diff.changed };
  const said = kind ? t("whatif.by.outcome", { escalated: number(counted.escalated), calm: number(counted.calm) }) : "";
  return h("button", { class: "button quiet small kind", type: "button", "data-kind": kind }, h("span", {}, kind ? t(`whatif.kind.${kind}`) : t("whatif.kind.all")), h("strong", {}, number(counted.conversations)), said ? h("small", {}, said) : null);
}

function caseRow(one) {
  const outcome = { true: "escalated", false: "calm", null: "unknown" }[String(one.escalated)];
  return h(
    "tr",
    { "data-case": one.conversation_id },
    h("th", { scope: "row" }, h("a", { href: addressOf(one.conversation_id) }, one.conversation_id), h("small", {}, word("language", one.language))),
    h("td", {}, t(`whatif.outcome.${outcome}`)),
    h("td", {}, ...one.kinds.map((kind) => h("span", { class: "kind-said", "data-kind": kind }, t(`whatif.kind.${kind}`)))),
    h("td", {}, alerts(one.before)),
    h("td", {}, alerts(one.after)),
    h("td", {}, ...one.rules.map((rule) => h("span", { class: "rule" }, rule))),
  );
}

function alerts(list) {
  if (!list.length) return h("span", { class: "hint" }, t("whatif.no.alert"));
  return h("ul", { class: "alert-list" }, ...list.map((alert) => h("li", {}, h("span", {}, t("whatif.alert", { turn: number(alert.customer_turn), action: word("action.short", alert.action), target: alert.queue ? word("target", alert.queue) : "" })), " ", h("span", { class: "rule" }, alert.rules[0] ?? ""))));
}

function scrolled(label, table) {
  return h("div", { class: "table-place", role: "region", tabindex: "0", "aria-label": label }, table);
}
