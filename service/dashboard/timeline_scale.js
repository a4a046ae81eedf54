/* Moments and risks -> places on the timeline. Pure.
 *
 * Time runs from left to right; a pause far longer than the others is drawn short and marked as a break,
 * or one night would press a whole conversation into the margins. */

/** Where each band begins, as the service has it (`service/risk/tuning.py`; a test compares them). */
export const BAND_FROM = { calm: 0, watch: 0.35, high: 0.6, critical: 0.8 };

const LONG_PAUSE_S = 900;
const LONG_SHARE = 0.3; // of the rest

/**
 * @param {number[]} times seconds, in any order
 * @param {{left: number, right: number}} box
 * @returns {{x: (at: number) => number, breaks: {x: number, seconds: number}[]}}
 */
export function timeScale(times, { left, right }) {
  const moments = [...new Set(times)].sort((a, b) => a - b);
  const gaps = moments.slice(1).map((at, i) => at - moments[i]);
  const drawn = gaps.map((gap) => shortened(gap, gaps));
  const whole = drawn.reduce((sum, width) => sum + width, 0);
  if (whole === 0) return { x: () => round((left + right) / 2), breaks: [] };
  const xs = [left];
  for (const width of drawn) xs.push(xs.at(-1) + (width / whole) * (right - left));
  const breaks = gaps.flatMap((gap, i) => (drawn[i] < gap ? [{ x: round((xs[i] + xs[i + 1]) / 2), seconds: gap }] : []));
  return { x: (at) => round(between(at, moments, xs)), breaks };
}

/* A long pause takes a share of what all short ones take together. */
function shortened(gap, gaps) {
  if (gap <= LONG_PAUSE_S) return gap;
  const short = gaps.filter((other) => other <= LONG_PAUSE_S).reduce((sum, other) => sum + other, 0);
  return Math.min(gap, Math.max(short * LONG_SHARE, LONG_PAUSE_S / 10));
}

function between(at, moments, xs) {
  if (at <= moments[0]) return xs[0];
  const after = moments.findIndex((moment) => moment >= at);
  if (after === -1) return xs.at(-1);
  const share = (at - moments[after - 1]) / (moments[after] - moments[after - 1]);
  return xs[after - 1] + share * (xs[after] - xs[after - 1]);
}

/** The height of a risk of 0..1. @param {number} level @param {{top: number, bottom: number}} box */
export function height(level, { top, bottom }) {
  return round(bottom - Math.min(1, Math.max(0, level)) * (bottom - top));
}

/** Index of the place that is nearest. @param {number[]} xs @param {number} x */
export function nearest(xs, x) {
  return xs.reduce((best, here, i) => (Math.abs(here - x) < Math.abs(xs[best] - x) ? i : best), 0);
}

function round(value) {
  return Math.round(value * 10) / 10;
}
