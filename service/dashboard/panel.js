/* What the policy says of a conversation -> the cards of the panel: what to do, why, the curve, the facts. */

import { riskCurve } from "./charts.js";
import { h } from "./dom.js";
import { duration, percent, t, word } from "./strings.js";

const COPIED_FOR_MS = 1600;
const REASONS_SHOWN = 2;

/** @param {import("./state.js").Talk} talk @returns {HTMLElement[]} */
export function panel(talk) {
  return [talk.advice && advice(talk.advice, talk.answered), curve(talk), facts(talk), versions(talk)].filter(Boolean);
}

function advice({ action, queue, respond_within_s: within, reasons, phrases }, answered) {
  const where = queue ? ` ${word("target", queue)}` : "";
  return h(
    "section",
    { class: "card advice", "data-action": action },
    h("h3", {}, t("advice.heading")),
    h("p", { class: "advice-action" }, `${word("action", action)}${where}`),
    within === null || answered ? null : h("p", { class: "advice-due" }, t("advice.within", { time: duration(within) })),
    answered && action !== "none" ? h("p", { class: "advice-due" }, t("advice.answered")) : null,
    ...titled("advice.reasons", reasons.length && h("ul", { class: "reasons" }, ...reasons.slice(0, REASONS_SHOWN).map(reason))),
    moreReasons(reasons.slice(REASONS_SHOWN)),
    ...titled("advice.phrases", phrases.length && h("ul", { class: "phrases" }, ...phrases.map(phrase))),
  );
}

/* The first reason decided; the rules further down that fired as well are there for who asks. */
function moreReasons(reasons) {
  if (!reasons.length) return null;
  const list = h("ul", { class: "reasons" }, ...reasons.map(reason));
  return h("details", { class: "more" }, h("summary", {}, t("advice.more", { n: reasons.length })), list);
}

function titled(key, list) {
  return list ? [h("h4", {}, t(key)), list] : [];
}

/* Answers that were stored before rules had facts to collect come without any. */
function reason({ rule, because, collect = [] }) {
  const facts = collect.length
    ? h("details", { class: "more", open: "" }, h("summary", {}, t("advice.collect")), h("ul", {}, ...collect.map((fact) => h("li", {}, fact))))
    : null;
  return h("li", {}, because, " ", h("span", { class: "rule" }, rule), facts);
}

function phrase({ text, technique, language }) {
  const button = h("button", { class: "button quiet copy", type: "button" }, t("advice.copy"));
  button.addEventListener("click", () => copy(text, button));
  return h("li", {}, h("p", { lang: language }, text), h("small", {}, word("technique", technique)), button);
}

async function copy(text, button) {
  const said = await navigator.clipboard.writeText(text).then(() => "advice.copied", () => "advice.copy.failed");
  button.textContent = t(said);
  setTimeout(() => (button.textContent = t("advice.copy")), COPIED_FOR_MS);
}

function curve({ steps, level }) {
  if (!steps.length) return null;
  const titles = steps.map((step, i) => ({ ...step, title: t("curve.step", { risk: percent(step.level), n: i + 1 }) }));
  const label = t("curve.label", { n: steps.length, risk: percent(level) });
  return h("section", { class: "card" }, h("h3", {}, t("curve.heading")), riskCurve(titles, label));
}

function facts(talk) {
  const rows = [
    ["facts.risk", h("dd", {}, `${percent(talk.level)} · ${word("band", talk.band)}`)],
    ["facts.trend", h("dd", {}, word("trend", talk.trend))],
    ["facts.forecast", talk.forecast && h("dd", {}, t("facts.forecast.value", { percent: percent(talk.forecast.probability), turns: talk.forecast.within_turns }))],
    ["facts.stage", h("dd", {}, word("stage", talk.stage), h("small", {}, word("stage.hint", talk.stage)))],
    ["facts.language", talk.language && h("dd", {}, word("language", talk.language))],
    ["facts.queue", talk.queue && h("dd", {}, talk.queue)],
    ["facts.channel", talk.channel && h("dd", {}, talk.channel)],
    ["facts.messages", h("dd", {}, String(talk.messages.length))],
  ];
  const shown = rows.filter(([, value]) => value).flatMap(([key, value]) => [h("dt", {}, t(key)), value]);
  return h("section", { class: "card" }, h("h3", {}, t("facts.heading")), h("dl", { class: "facts" }, ...shown), ...legend(talk));
}

/* Which line under a word means what, for the signals that occur. */
function legend(talk) {
  const seen = new Set(talk.messages.flatMap((turn) => (turn.score?.evidence ?? []).filter((span) => span.weight > 0).map((span) => span.signal)));
  const marks = [...seen].map((signal) => h("mark", { "data-signal": signal }, word("signal", signal)));
  return marks.length ? [h("h4", {}, t("facts.signals")), h("p", { class: "legend" }, ...marks)] : [];
}

function versions({ model, policyVersion }) {
  if (!model) return null;
  return h("p", { class: "versions" }, t("versions", { model: model.version, precision: model.precision, policy: policyVersion }));
}
