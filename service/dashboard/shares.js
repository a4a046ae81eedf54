/* Counts -> how sure a share is, and whether two of them differ. Pure; for charts_report.js and the reports page.
 *
 * Intervals are Wilson's (95 %), which are honest for small numbers and for shares near 0 and 1; two shares are
 * compared by Newcombe's interval of their difference, which is made of the two. */

const Z = 1.96;

/** Below this many, a share is told as "3 of 7" and no percentage. */
export const SMALL = 10;

/**
 * Between which shares the true one lies, 95 times in 100.
 * @param {number} part @param {number} whole
 * @returns {{share: number, low: number, high: number}|null} null where there is nothing to divide by
 */
export function interval(part, whole) {
  if (!whole) return null;
  const share = part / whole;
  const middle = (share + (Z * Z) / (2 * whole)) / (1 + (Z * Z) / whole);
  const half = (Z * Math.sqrt((share * (1 - share)) / whole + (Z * Z) / (4 * whole * whole))) / (1 + (Z * Z) / whole);
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/**
 * How a share moved: "higher" or "lower" when the numbers can tell, "unclear" when it may be chance, null without both.
 * @param {{part: number, whole: number}} now @param {{part: number, whole: number}} before
 */
export function moved(now, before) {
  const [a, b] = [interval(now.part, now.whole), interval(before.part, before.whole)];
  if (a === null || b === null) return null;
  const difference = a.share - b.share;
  if (difference - Math.hypot(a.share - a.low, b.high - b.share) > 0) return "higher";
  if (difference + Math.hypot(a.high - a.share, b.share - b.low) < 0) return "lower";
  return "unclear";
}
