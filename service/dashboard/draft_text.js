/* A draft and its findings -> where they stand, and the draft with a better wording. Pure.
 *
 * The service counts code points, a text field counts UTF-16 units (spans.js). */

import { offsets } from "./spans.js";

/** @typedef {{kind: string, start: number|null, end: number|null, why: string, offer: string}} Finding */

/**
 * The draft in pieces for the mirror behind the field; `finding` is the number of the finding that a piece belongs to.
 * @param {string} text @param {Finding[]} findings in order, not overlapping
 * @returns {{text: string, finding: number|null}[]}
 */
export function pieces(text, findings) {
  const index = offsets(text);
  const found = [];
  let at = 0;
  for (const [number, { start, end }] of findings.entries()) {
    if (start === null || end === null || index[start] === undefined || index[start] < at) continue;
    const [from, to] = [index[start], index[Math.min(end, index.length - 1)]];
    if (from > at) found.push({ text: text.slice(at, from), finding: null });
    if (to > from) found.push({ text: text.slice(from, to), finding: number });
    at = to;
  }
  if (at < text.length) found.push({ text: text.slice(at), finding: null });
  return found;
}

/**
 * The draft with the offered wording in the place of the sentence that the finding stands in: an offer is whole
 * sentences. What is missing is put in front (an apology, a courtesy) or at the end (an answer).
 * @param {string} text @param {Finding} finding @returns {{text: string, caret: number}} caret: behind the wording
 */
export function reworded(text, { kind, start, end, offer }) {
  if (start === null || end === null) {
    const isAnswer = kind === "unanswered_question";
    const whole = (isAnswer ? [text.trim(), offer] : [offer, text.trim()]).filter(Boolean).join(" ");
    return { text: whole, caret: isAnswer ? whole.length : offer.length };
  }
  const index = offsets(text);
  const [from, to] = sentenceAround(text, index[start] ?? text.length, index[Math.min(end, index.length - 1)]);
  return { text: text.slice(0, from) + offer + text.slice(to), caret: from + offer.length };
}

/* A sentence ends with . ! ? … before a space or the end, or with a line. */
function sentenceAround(text, start, end) {
  const ends = [...text.matchAll(/[.!?…]+(?=\s|$)|\n/gu)].map((match) => (match[0] === "\n" ? match.index : match.index + match[0].length));
  const before = ends.filter((at) => at <= start).at(-1) ?? 0;
  const from = before + /^\s*/u.exec(text.slice(before))[0].length;
  const to = ends.find((at) => at >= end) ?? text.trimEnd().length;
  return [Math.min(from, start), Math.max(to, end)];
}
