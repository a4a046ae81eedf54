/* The address of the reports page <-> what is asked; what is asked -> the calls that answer it. Pure.
 *
 *     #/reports/by=week&since=2026-11-02&to=2026-11-22&tz=Europe%2FPrague&queue=vip
 *
 * `to` is the last day that counts, as people say it; the API's `until` is the day after it. */

export const BYS = ["day", "week", "month"];

/** The spans that a click chooses: how they are split, and how many days they have. */
export const SPANS = { days7: ["day", 7], days30: ["day", 30], weeks12: ["week", 84], months12: ["month", 365] };

const CALL = "/v1/reports/escalation";
const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @typedef {object} Question
 * @property {string} by @property {string} since a date @property {string} to a date, included
 * @property {string} tz @property {string} language "" for all @property {string} queue "" for all
 */

/**
 * @param {string|undefined} text the part of the address
 * @param {{today: string, tz: string}} here
 * @returns {Question}
 */
export function readQuestion(text, { today, tz }) {
  const given = new URLSearchParams(text ?? "");
  const by = BYS.includes(given.get("by")) ? given.get("by") : "day";
  const to = DATE.test(given.get("to")) ? given.get("to") : today;
  const days = { day: 30, week: 84, month: 365 }[by];
  const since = DATE.test(given.get("since")) ? given.get("since") : spanStart(by, to, days);
  return { by, since, to, tz: given.get("tz") || tz, language: given.get("language") ?? "", queue: given.get("queue") ?? "" };
}

/** The same, as the part of an address; what is empty is left out. @param {Question} question */
export function writeQuestion(question) {
  return new URLSearchParams(Object.entries(question).filter(([, value]) => value !== "")).toString();
}

/**
 * The first day of so many days that end with `to`; of weeks and months, the first day of the first one.
 * @param {string} by @param {string} to @param {number} days
 */
export function spanStart(by, to, days) {
  const first = addDays(to, 1 - days);
  if (by === "week") return addDays(first, -((weekday(first) + 6) % 7));
  return by === "month" ? nextMonth(first) : first;
}

/* Twelve months that end in this one begin with the first of the next month, a year ago. */
function nextMonth(date) {
  const [year, month] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

/** @param {string} date @param {number} days */
function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function weekday(date) {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** The days just before, as many as were asked for. @param {Question} question @returns {Question} */
export function before(question) {
  const days = Math.round((Date.parse(question.to) - Date.parse(question.since)) / DAY_MS) + 1;
  return { ...question, since: addDays(question.since, -days), to: addDays(question.since, -1) };
}

/**
 * The call that answers. @param {Question} question @param {Record<string, string>} [more] parameters that take precedence
 */
export function callFor(question, more = {}) {
  const { by, since, to, tz, language, queue } = question;
  const parameters = { by, since, until: addDays(to, 1), tz, language, queue, ...more };
  return `${CALL}?${new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ""))}`;
}

/** Today's date in a time zone. @param {string} tz @param {Date} now */
export function todayIn(tz, now) {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: tz }).format(now);
  } catch {
    return now.toISOString().slice(0, 10); // a zone that this browser does not know
  }
}
