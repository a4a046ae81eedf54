/* Figures of the API -> values, words and rows of tables. Beside report_charts.js, which draws them. */

import { interval, SMALL } from "./shares.js";
import { duration, number, t, tag, word } from "./strings.js";

const NOTHING = "–";

/** What is counted of what, by the name of its chart. */
export const SHARES = {
  escalation: (figures) => ({ part: figures.escalated, whole: figures.conversations }),
  lasted: ({ first_contact_resolution: of }) => ({ part: of.held, whole: of.measured, rest: { recent: of.too_recent, unknown: of.unknown_contact } }),
  precision: ({ alert_precision: of }) => ({ part: of.right, whole: of.right + of.wrong, rest: { unjudged: of.unjudged } }),
};

/** What takes how long. */
export const TIMES = {
  response: ({ first_response: of }) => ({ count: of.answered, median: of.median_s, p90: of.p90_s, rest: { unanswered: of.unanswered } }),
  resolution: ({ resolution: of }) => ({ count: of.resolved, median: of.median_s, p90: of.p90_s, rest: {} }),
};

/** @param {number} share */
export function percentText(share) {
  return number(share, { style: "percent", maximumFractionDigits: share > 0 && share < 0.1 ? 1 : 0 });
}

/** "12 %", or of few "3 of 7". @param {{part: number, whole: number}} counted */
export function shareText({ part, whole }) {
  if (!whole) return NOTHING;
  return whole < SMALL ? ofText({ part, whole }) : percentText(part / whole);
}

/** @param {{part: number, whole: number}} counted */
export function ofText({ part, whole }) {
  return t("reports.of", { part: number(part), whole: number(whole) });
}

/** @param {{part: number, whole: number}} counted */
export function intervalText({ part, whole }) {
  const found = interval(part, whole);
  return found === null ? NOTHING : t("reports.between", { low: percentText(found.low), high: percentText(found.high) });
}

/** @param {number|null} seconds */
export function timeText(seconds) {
  return seconds === null ? NOTHING : duration(seconds);
}

/** A period of the report: a short name for the axis and a whole one. @param {string} by @param {object} row */
export function periodNames(by, row) {
  const [first, last] = [dayOf(row.begins), lastDay(row.ends)];
  if (by === "month") return { short: dates({ month: "short" }).format(first), long: dates({ month: "long", year: "numeric" }).format(first) };
  const short = dates({ day: "numeric", month: "short" }).format(first);
  if (by === "day") return { short, long: dates({ weekday: "short", day: "numeric", month: "short", year: "numeric" }).format(first) };
  return { short, long: t("reports.week", { week: Number(row.period.split("W")[1]), days: daysText(first, last) }) };
}

/** From one date to another, as the language says it. @param {string} since @param {string} to */
export function spanText(since, to) {
  return daysText(new Date(`${since}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

function daysText(first, last) {
  return dates({ day: "numeric", month: "short", year: "numeric" }).formatRange(first, last);
}

/* The API's times are local to the report's zone: their date is what a person there calls the day. */
function dayOf(moment) {
  return new Date(`${moment.slice(0, 10)}T00:00:00Z`);
}

function lastDay(ends) {
  const day = dayOf(ends);
  return ends.slice(11, 19) === "00:00:00" ? new Date(day.getTime() - 86_400_000) : day;
}

function dates(options) {
  return new Intl.DateTimeFormat(tag(), { timeZone: "UTC", ...options });
}

/** A group as it is called; conversations without one have a name too. @param {"language"|"queue"} kind @param {string|null} name */
export function groupName(kind, name) {
  if (name === null) return t(`reports.none.${kind}`);
  return kind === "language" ? word("language", name) : name;
}

/**
 * The point of a share: its value, how sure it is, and the words for both.
 * @param {string} short @param {string} long @param {{part: number, whole: number}} counted
 */
export function sharePoint(short, long, counted) {
  const found = interval(counted.part, counted.whole);
  if (found === null) return { name: short, says: t("reports.point.nothing", { period: long }), value: null };
  const slots = { period: long, of: ofText(counted), share: percentText(found.share), between: intervalText(counted) };
  const small = counted.whole < SMALL;
  return { name: short, says: t(small ? "reports.point.small" : "reports.point.share", slots), value: found.share, low: found.low, high: found.high, small };
}

/** The point of two times. @param {string} short @param {string} long @param {{count: number, median: number|null, p90: number|null}} timed */
export function timePoint(short, long, { count, median, p90 }) {
  if (median === null) return { name: short, says: t("reports.point.nothing", { period: long }), value: null, second: null };
  const says = t("reports.point.time", { period: long, median: duration(median), p90: duration(p90), n: number(count) });
  return { name: short, says, value: median, second: p90, small: count < SMALL };
}
