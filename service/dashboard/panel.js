/* What is known of a conversation -> the cards that only tell: the facts, and which model and policy said so. */

import { h } from "./dom.js";
import { percent, t, word } from "./strings.js";

/** @param {import("./state.js").Talk} talk @returns {HTMLElement[]} */
export function factCards(talk) {
  return [facts(talk), versions(talk)].filter(Boolean);
}

function facts(talk) {
  const rows = [
    ["facts.risk", h("dd", {}, `${percent(talk.level)} · ${word("band", talk.band)}`)],
    ["facts.trend", h("dd", {}, word("trend", talk.trend))],
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
