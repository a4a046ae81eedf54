/* What the policy recommends -> two cards: what to do and why; and phrases to copy, or to try in the draft box. */

import { button, copyButton } from "./controls.js";
import { h } from "./dom.js";
import { duration, t, word } from "./strings.js";

const REASONS_SHOWN = 2;

/** @param {import("./state.js").Talk} talk @returns {HTMLElement|null} */
export function adviceCard({ advice, answered }) {
  if (!advice) return null;
  const { action, queue, respond_within_s: within, reasons } = advice;
  return h(
    "section",
    { class: "card advice", "data-action": action },
    h("h3", {}, t("advice.heading")),
    h("p", { class: "advice-action" }, `${word("action", action)}${queue ? ` ${word("target", queue)}` : ""}`),
    within === null || answered ? null : h("p", { class: "advice-due" }, t("advice.within", { time: duration(within) })),
    answered && action !== "none" ? h("p", { class: "advice-due" }, t("advice.answered")) : null,
    ...(reasons.length ? [h("h4", {}, t("advice.reasons")), list("reasons", reasons.slice(0, REASONS_SHOWN), why)] : []),
    moreReasons(reasons.slice(REASONS_SHOWN)),
  );
}

/**
 * @param {import("./state.js").Talk} talk
 * @param {{tryText: (text: string) => void}} desk `tryText` puts a text into the draft box
 * @returns {HTMLElement|null}
 */
export function phraseCard({ advice, language }, { tryText }) {
  const phrases = inLanguageFirst(advice?.phrases ?? [], language);
  if (!phrases.length) return null;
  return h("section", { class: "card" }, h("h3", {}, t("advice.phrases")), list("phrases", phrases, (phrase) => suggestion(phrase, tryText)));
}

/** What the customer can read comes first. @param {{language: string}[]} phrases @param {string|null} language */
export function inLanguageFirst(phrases, language) {
  return [...phrases].sort((a, b) => Number(b.language === language) - Number(a.language === language));
}

function list(kind, items, item) {
  return h("ul", { class: kind }, ...items.map(item));
}

/* The first reason decided; the rules further down that fired as well are there for who asks. */
function moreReasons(reasons) {
  if (!reasons.length) return null;
  return h("details", { class: "more", "data-focus": "more" }, h("summary", { "data-focus": "more" }, t("advice.more", { n: reasons.length })), list("reasons", reasons, why));
}

/* Answers that were stored before rules had facts to collect come without any. */
function why({ rule, because, collect = [] }) {
  const facts = collect.length
    ? h("details", { class: "more", open: "" }, h("summary", { "data-focus": `collect-${rule}` }, t("advice.collect")), list("collect", collect, (fact) => h("li", {}, fact)))
    : null;
  return h("li", {}, because, " ", h("span", { class: "rule" }, rule), facts);
}

function suggestion({ id, text, technique, language }, tryText) {
  const tools = [copyButton(() => text, { class: "quiet small", "data-focus": `copy-${id}` }), button(t("advice.try"), () => tryText(text), { class: "quiet small", "data-focus": `try-${id}` })];
  return h("li", {}, h("p", { lang: language }, text), h("small", {}, word("technique", technique)), h("div", { class: "phrase-tools" }, ...tools));
}
