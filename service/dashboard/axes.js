/* The largest value of a chart -> the marks of its axis, and places along it. Pure; for charts_report.js. */

const SHARE_STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25];
const SECOND_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const DAY = 86400;
const MARKS = 4;

/** Marks from 0 to at least `largest`, at most 1, for shares. @param {number} largest */
export function shareMarks(largest) {
  const step = SHARE_STEPS.find((size) => size * MARKS >= largest) ?? 0.25;
  return marks(step, Math.min(largest, 1));
}

/** Marks in seconds at round times: minutes, hours, days. @param {number} largest */
export function timeMarks(largest) {
  const step = SECOND_STEPS.find((size) => size * MARKS >= largest) ?? Math.ceil(largest / DAY / MARKS) * DAY;
  return marks(step, largest);
}

function marks(step, largest) {
  const count = Math.max(1, Math.ceil(largest / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, i) => Math.round(i * step * 1e6) / 1e6);
}

/**
 * Which of many labels to write so that they stand apart: every n-th, counted from the last one.
 * @param {number} count @param {number} width of all @param {number} labelWidth of one
 * @returns {(index: number) => boolean}
 */
export function sparse(count, width, labelWidth) {
  const every = Math.max(1, Math.ceil((labelWidth * count) / Math.max(width, 1)));
  return (index) => (count - 1 - index) % every === 0;
}
