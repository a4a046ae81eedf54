/* Text and its evidence -> segments to draw, each with the signals that mark it.
 *
 * The service counts characters as Unicode code points, JavaScript counts UTF-16 units, so an emoji
 * before a marked word moves it by one. Only `offsets` knows of the difference. Spans may overlap,
 * touch or be out of range; the segments joined always give the text back. */

/** @typedef {{signal: string, start: number, end: number, weight: number}} Span */
/** @typedef {{text: string, marks: Span[]}} Segment */

/**
 * UTF-16 index at which each code point begins, and the length of the text at the end.
 * @param {string} text
 * @returns {number[]}
 */
export function offsets(text) {
  const found = [];
  let at = 0;
  for (const character of text) {
    found.push(at);
    at += character.length;
  }
  found.push(at);
  return found;
}

/**
 * Cut the text wherever a mark begins or ends. Words that lower a signal are no evidence for it.
 * @param {string} text
 * @param {Span[]} spans
 * @returns {Segment[]} in order; the strongest mark of a segment comes first
 */
export function segments(text, spans) {
  const index = offsets(text);
  const last = index.length - 1;
  const marks = spans
    .filter((span) => span.weight > 0 && span.start < span.end && span.start >= 0 && span.start < last)
    .map((span) => ({ ...span, from: index[span.start], to: index[Math.min(span.end, last)] }));
  const cuts = new Set([0, text.length]);
  for (const mark of marks) cuts.add(mark.from).add(mark.to);
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, i) => ({
    text: text.slice(from, edges[i + 1]),
    marks: marks.filter((mark) => mark.from <= from && mark.to >= edges[i + 1]).sort((a, b) => b.weight - a.weight),
  }));
}
