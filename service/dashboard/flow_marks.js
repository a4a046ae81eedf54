/* Pauses, changes of the recommendation and steps of the hand-off -> the marks that stand between the bubbles. */

import { h } from "./dom.js";
import { clock, duration, t, word } from "./strings.js";

/** @param {{kind: "waited"|"pause", seconds: number}} gap @returns {HTMLLIElement} */
export function gapMark({ kind, seconds }) {
  return h("li", { class: "mark-line gap", "data-kind": kind }, h("span", {}, t(`gap.${kind}`, { time: duration(seconds) })));
}

/** From here on this is recommended. @param {object} recommendation @returns {HTMLLIElement} */
export function adviceMark({ action, queue, respond_within_s: within, reasons }) {
  const reason = reasons[0];
  const said = `${word("action", action)}${queue ? ` ${word("target", queue)}` : ""}`;
  const due = action === "none" || within === null ? "" : ` · ${t("mark.within", { time: duration(within) })}`;
  const why = reason ? h("p", {}, reason.because, " ", h("span", { class: "rule" }, reason.rule)) : null;
  return h("li", { class: "mark-line told", "data-action": action }, h("p", { class: "told-what" }, h("span", { class: "unseen" }, `${t("mark.recommended")}: `), said, h("small", {}, due)), why);
}

/** Somebody took a step of the hand-off. @param {object} step @returns {HTMLLIElement} */
export function stepMark(step) {
  return h("li", { class: "mark-line step", "data-step": step.action }, h("span", {}, stepWords(step), " ", h("time", { datetime: new Date(step.at * 1000).toISOString() }, clock(step.at))));
}

/** What happened, in one sentence. @param {{action: string, by: string}} step */
export function stepWords({ action, by }) {
  return t(`handoff.log.${action}`, { by });
}
