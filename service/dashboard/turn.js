/* One turn as `talkFrom` tells it -> the list item that shows it: who and when, the words with their evidence,
 * what is notable in its scores (all of them on demand), and the tools of a reader (`turn-tools`).
 * Text reaches the page as text nodes only. */

import { h, svg } from "./dom.js";
import { labelTools } from "./label_editor.js";
import { may } from "./me.js";
import { segments } from "./spans.js";
import { clock, percent, t, word } from "./strings.js";

/* Below it a signal that is not flagged is not worth a word. */
const NOTABLE_FROM = 0.3;

/** @param {string} conversationId @param {object} turn one of `Talk.messages` @returns {HTMLLIElement} */
export function turnElement(conversationId, turn) {
  const time = h("time", { datetime: new Date(turn.sentAt * 1000).toISOString() }, clock(turn.sentAt));
  const head = h("p", { class: "turn-head" }, h("b", {}, word("role", turn.role)), time);
  const parts = turn.score ? [h("div", { class: "turn-foot" }, turnDetails(turn.score), turnTools(conversationId, turn))] : [];
  return h("li", { class: "turn", "data-role": turn.role, "data-turn": turn.id, tabindex: "-1" }, head, bubble(turn), ...parts);
}

/**
 * What a reader may do with one scored message; empty where there is nothing.
 * @param {string} conversationId @param {object} turn
 */
function turnTools(conversationId, turn) {
  return h("div", { class: "turn-tools", "data-conversation": conversationId, "data-turn": turn.id }, may("supervisor") ? labelTools(conversationId, turn) : null);
}

function bubble(turn) {
  if (turn.text === null) return h("p", { class: "bubble none" }, t("text.missing"));
  return h("p", { class: "bubble", lang: speech(turn.score?.language) }, ...evidence(turn.text, turn.score?.evidence ?? []));
}

/** A text with its evidence marked, as children of an element. @param {string} text @param {import("./spans.js").Span[]} spans */
export function evidence(text, spans) {
  return segments(text, spans).map(({ text, marks }) => (marks.length ? marked(text, marks) : text));
}

/** The `lang` of what a customer wrote; null where nobody knows. @param {string|null|undefined} language */
export function speech(language) {
  return language && language !== "other" ? language : null;
}

function marked(text, marks) {
  const title = marks.map((mark) => t("turn.mark", { signal: word("signal", mark.signal), weight: mark.weight.toFixed(2) })).join(", ");
  return h("mark", { "data-signal": marks[0].signal, title }, text);
}

function turnDetails(score) {
  return h("details", { class: "turn-details" }, h("summary", {}, ...notable(score)), turnScores(score), turnTags(score));
}

/* What a supervisor looks for: what is flagged, what comes near it, and whether the message was judged at all. */
function notable(score) {
  const chips = signals(score)
    .filter(([, p, flag]) => flag || p >= NOTABLE_FROM)
    .sort((a, b) => b[1] - a[1])
    .map(([signal, p, flag]) => h("span", { class: "chip", "data-signal": signal, "data-flag": flag ? "true" : "false" }, `${word("signal", signal)} ${percent(p)}`));
  const said = [
    score.status === "abstained" ? h("span", { class: "abstained" }, t("turn.abstained", { reason: word("abstain", score.abstain_reason ?? "") })) : null,
    ...chips,
    score.threat_kind ? h("span", { class: "kind" }, word("kind", score.threat_kind)) : null,
  ].filter(Boolean);
  return said.length ? said : [h("span", { class: "quiet" }, t("turn.quiet"))];
}

function signals(score) {
  const asked = ["asks_human", score.asks_human, score.flags.asks_human];
  return [...Object.entries(score.scores).map(([signal, p]) => [signal, p, score.flags[signal]]), asked];
}

function turnScores(score) {
  const bars = signals(score).map(([signal, p, flag]) => meter(signal, p, flag));
  return h("div", { class: "turn-scores", role: "group", "aria-label": t("turn.scores") }, ...bars);
}

function meter(signal, probability, flag) {
  return h(
    "div",
    { class: "meter", "data-signal": signal, "data-flag": flag ? "true" : "false" },
    h("span", { title: word("signal", signal) }, word("signal", signal)),
    h("b", {}, String(percent(probability))),
    track(probability),
  );
}

function turnTags(score) {
  const mood = Object.entries(score.sentiment).sort((a, b) => b[1] - a[1])[0]?.[0];
  const tags = [
    score.threat_kind ? h("span", { class: "kind" }, word("kind", score.threat_kind)) : null,
    mood ? h("span", {}, word("sentiment", mood)) : null,
    h("span", {}, t("turn.certain", { language: word("language", score.language), percent: percent(score.language_probability) })),
  ];
  return h("p", { class: "turn-tags" }, ...tags);
}

function track(probability) {
  const filled = svg("rect", { width: percent(probability), height: 4 });
  return svg("svg", { class: "meter-track", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }, filled);
}
