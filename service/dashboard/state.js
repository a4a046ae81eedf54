/* What the service says -> the rows of the list, and one conversation as the view needs it. Pure.
 *
 * A row has three parts, each with a number that only grows: what was said and what it comes to (the
 * conversation's number of turns), who has it, and its alert (the id of the event that told it; an answer
 * of the API names the latest event that is in it). A message whose number is smaller than the part's is
 * older than it, so pages and events may arrive in any order, twice, or again after a reconnect, and the
 * rows come out the same. */

import { LIVE } from "./alert_state.js";

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {number} turns how many the service has; 0 when only a hand-off or an alert was heard of so far
 * @property {string} band
 * @property {number} level 0..1
 * @property {string} trend
 * @property {string} stage
 * @property {string} action
 * @property {string|null} language
 * @property {string|null} queue
 * @property {number|null} waitingSince seconds since the epoch
 * @property {number} updatedAt seconds since the epoch
 * @property {number[]} history risk after each of the last customer turns, as far as it is known
 * @property {string} text last words of the customer
 * @property {number} knownTurns `text` is that of this many turns: the stream tells no words
 * @property {number} handoffEvent which event told the hand-off
 * @property {string} status open, claimed, accepted, joined, returned, resolved
 * @property {string|null} owner
 * @property {number|null} deadline when it is open again unless its owner goes on
 * @property {number} alertEvent which event told the alert
 * @property {{status: string, action: string, queue: string, dueAt: number|null}|null} alert the live one
 */

/**
 * @typedef {{rows: Map<string, Row>, critical: Row[], strangers: string[]}} State
 * `critical`: who became critical by the last messages; `strangers`: of whom they told something without what was said
 */

export const EMPTY = Object.freeze({ rows: new Map(), critical: [], strangers: [] });

const HISTORY = 20;
const NOBODY = { status: "open", owner: null, deadline: null };
const UNKNOWN = { turns: 0, history: [], text: "", knownTurns: 0, handoffEvent: 0, ...NOBODY, alertEvent: 0, alert: null };

/**
 * Take in messages, in order: `answers` (conversations as the API lists them), `event` (from the stream),
 * `gone` (erased), `clock` (hand-offs whose time is up), `loaded` (all pages are in: what stood there before
 * them, is not among them and has not changed meanwhile is gone; what has changed may have risen past the
 * pages while they were read).
 * @param {State} state
 * @param {object[]} messages
 * @returns {State}
 */
export function reduce(state, messages) {
  const rows = new Map(state.rows);
  const touched = messages.flatMap((message) => APPLY[message.type](rows, message) ?? []);
  const critical = touched.filter(({ row, before }) => row.band === "critical" && before?.band !== "critical").map(({ row }) => row);
  const strangers = touched.filter(({ row }) => rows.get(row.id)?.turns === 0).map(({ row }) => row.id);
  return { rows, critical, strangers };
}

/** Whether a hand-off's time is up: then a `clock` message has something to do. @param {State} state @param {number} now */
export function hasLapsed({ rows }, now) {
  for (const row of rows.values()) if (isOver(row, now)) return true;
  return false;
}

const APPLY = {
  answers(rows, { conversations }) {
    for (const answer of conversations) rows.set(answer.conversation_id, joined(rows.get(answer.conversation_id), fromAnswer(answer)));
  },
  event(rows, { event }) {
    const before = rows.get(event.conversationId);
    const parts = PARTS[event.type]?.(event, before) ?? [];
    const news = parts.filter((part) => part[part.order] > (before?.[part.order] ?? 0));
    if (!news.length) return [];
    const row = joined(before ?? { ...UNKNOWN, id: event.conversationId }, news);
    rows.set(row.id, row);
    return [{ row, before }];
  },
  gone(rows, { id }) {
    rows.delete(id);
  },
  clock(rows, { now }) {
    for (const row of rows.values()) if (isOver(row, now)) rows.set(row.id, { ...row, ...NOBODY });
  },
  loaded(rows, { before, seen }) {
    for (const [id, row] of before) if (!seen.has(id) && rows.get(id) === row) rows.delete(id);
  },
};

function isOver({ deadline }, now) {
  return deadline !== null && deadline <= now;
}

/* The parts that are no older than what is known, over it. */
function joined(before = UNKNOWN, parts) {
  const row = { ...before };
  for (const { order, ...part } of parts) if (part[order] >= before[order]) Object.assign(row, part);
  return row;
}

function fromAnswer(answer) {
  const { level, band, trend, stage } = answer.risk;
  const { conversation_id: id, action, language, queue, turn_count: turns, waiting_since: waitingSince, updated_at: updatedAt } = answer;
  const known = { history: answer.risk_history, text: answer.last_customer_text ?? "", knownTurns: turns };
  const said = { order: "turns", id, level, band, trend, stage, action, language, queue, turns, waitingSince, updatedAt, ...known };
  return [said, handoffOf(answer, answer.event_id), alertOf(answer.alert, answer.event_id)];
}

const PARTS = {
  "turn.scored": (event, before) => [fromTurn(event, before), handoffOf(event.data, Number(event.id))],
  "handoff.changed": (event) => [handoffOf(event.data, Number(event.id))],
  "alert.raised": (event) => [alertOf({ ...event.data, status: "raised" }, Number(event.id))],
  "alert.changed": (event) => [alertOf(event.data, Number(event.id))],
};

/* The stream tells everything but the words; the curve grows by the level that it tells. */
function fromTurn({ conversationId: id, at: updatedAt, data }, before) {
  const { level, band, trend, stage, action, language, queue, turns, waiting_since: waitingSince } = data;
  const history = before?.history ?? [];
  const said = { order: "turns", id, level, band, trend, stage, action, language, queue, turns, waitingSince, updatedAt, history };
  if (data.role === "customer") return { ...said, history: [...history, level].slice(-HISTORY) };
  const missedNone = (before?.turns ?? 0) === turns - 1;
  return missedNone && (before?.knownTurns ?? 0) === turns - 1 ? { ...said, knownTurns: turns } : said;
}

function handoffOf({ status, owner, deadline }, handoffEvent) {
  return { order: "handoffEvent", handoffEvent, status, owner, deadline };
}

function alertOf(told, alertEvent) {
  const alert = told && LIVE.includes(told.status) ? { status: told.status, action: told.action, queue: told.queue, dueAt: told.due_at } : null;
  return { order: "alertEvent", alertEvent, alert };
}

/**
 * One conversation as the view shows it. The recommendation is that for the customer's last message:
 * an agent's answer calls for nothing, but what it answered stays worth knowing.
 * @typedef {ReturnType<typeof talkFrom>} Talk
 */
export function talkFrom(answer) {
  const customer = answer.turns.filter((turn) => turn.role === "customer");
  const asked = customer.at(-1) ?? answer.turns.at(-1);
  return {
    ...joined(UNKNOWN, fromAnswer(answer)),
    channel: answer.channel,
    forecast: answer.risk.forecast,
    advice: asked?.recommendation ?? null,
    answered: asked !== answer.turns.at(-1),
    standing: { status: answer.status, owner: answer.owner, deadline: answer.deadline },
    steps: customer.map((turn) => ({ turnId: turn.turn_id, at: turn.sent_at, level: turn.risk.level, band: turn.risk.band, forecast: turn.risk.forecast })),
    model: asked?.model ?? null,
    policyVersion: asked?.policy.version ?? "",
    messages: answer.turns.map(message),
  };
}

function message({ turn_id: id, role, text, sent_at: sentAt, score, recommendation, labels }) {
  return { id, role, text, sentAt, score, recommendation, labels };
}
