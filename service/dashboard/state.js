/* What the service says -> the rows of the list, and one conversation as the view needs it. Pure.
 *
 * Every answer and event carries the conversation's number of turns, which only grows. A message that
 * knows fewer turns than the row is older than it, so pages and events may arrive in any order, twice,
 * or again after a reconnect, and the rows come out the same. */

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} band
 * @property {number} level 0..1
 * @property {string} trend
 * @property {string} stage
 * @property {string} action
 * @property {string|null} language
 * @property {string|null} queue
 * @property {number} turns how many the service has
 * @property {number|null} waitingSince seconds since the epoch
 * @property {number} updatedAt seconds since the epoch
 * @property {number[]} history risk after each of the last customer turns, as far as it is known
 * @property {string} text last words of the customer
 * @property {number} knownTurns `text` is that of this many turns: the stream tells no words
 */

/** @typedef {{rows: Map<string, Row>, critical: Row[]}} State `critical`: who became critical by the last messages */

export const EMPTY = Object.freeze({ rows: new Map(), critical: [] });

const HISTORY = 20;

/**
 * Take in messages, in order: `answers` (conversations as the API lists them), `event` (from the stream),
 * `gone` (erased), `loaded` (all pages are in: what stood there before them, is not among them and has not
 * changed meanwhile is gone; what has changed may have risen past the pages while they were read).
 * @param {State} state
 * @param {object[]} messages
 * @returns {State}
 */
export function reduce(state, messages) {
  const rows = new Map(state.rows);
  const critical = messages.flatMap((message) => APPLY[message.type](rows, message) ?? []);
  return { rows, critical };
}

const APPLY = {
  answers(rows, { conversations }) {
    for (const answer of conversations) merge(rows, fromAnswer(answer));
  },
  event(rows, { event }) {
    const before = rows.get(event.conversationId);
    if (event.type !== "turn.scored" || (before && before.turns >= event.data.turns)) return [];
    const row = merge(rows, fromEvent(event, before));
    return row.band === "critical" && before?.band !== "critical" ? [row] : [];
  },
  gone(rows, { id }) {
    rows.delete(id);
  },
  loaded(rows, { before, seen }) {
    for (const [id, turns] of before) if (!seen.has(id) && rows.get(id)?.turns === turns) rows.delete(id);
  },
};

function merge(rows, news) {
  const before = rows.get(news.id);
  if (before && before.turns > news.turns) return before;
  const row = { text: "", knownTurns: 0, ...before, ...news };
  rows.set(row.id, row);
  return row;
}

function fromAnswer(answer) {
  const { level, band, trend, stage } = answer.risk;
  const { conversation_id: id, action, language, queue, turn_count: turns, waiting_since: waitingSince, updated_at: updatedAt } = answer;
  const known = { history: answer.risk_history, text: answer.last_customer_text ?? "", knownTurns: turns };
  return { id, level, band, trend, stage, action, language, queue, turns, waitingSince, updatedAt, ...known };
}

/* The stream tells everything but the words; the curve grows by the level that it tells. */
function fromEvent({ conversationId: id, at: updatedAt, data }, before) {
  const { level, band, trend, stage, action, language, queue, turns, waiting_since: waitingSince } = data;
  const history = before?.history ?? [];
  const row = { id, level, band, trend, stage, action, language, queue, turns, waitingSince, updatedAt, history };
  if (data.role === "customer") return { ...row, history: [...history, level].slice(-HISTORY) };
  const missedNone = (before?.turns ?? 0) === turns - 1;
  return missedNone && (before?.knownTurns ?? 0) === turns - 1 ? { ...row, knownTurns: turns } : row;
}

/**
 * The rows that match, riskiest first, then the most recent: the order of the API.
 * @param {State} state
 * @param {{bands: Set<string>, language: string, queue: string|null, text: string}} filter empty means all
 * @returns {Row[]}
 */
export function visible({ rows }, { bands, language, queue, text }) {
  const wanted = text.trim().toLowerCase();
  return [...rows.values()]
    .filter((row) => (!bands.size || bands.has(row.band)) && (!language || row.language === language))
    .filter((row) => queue === null || (row.queue ?? "") === queue)
    .filter((row) => !wanted || row.id.toLowerCase().includes(wanted) || row.text.toLowerCase().includes(wanted))
    .sort((a, b) => b.level - a.level || b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1));
}

/** How many rows per band, and which languages and queues occur. */
export function overview({ rows }) {
  const bands = { critical: 0, high: 0, watch: 0, calm: 0 };
  const languages = new Set();
  const queues = new Set();
  for (const row of rows.values()) {
    bands[row.band] += 1;
    if (row.language) languages.add(row.language);
    queues.add(row.queue ?? "");
  }
  return { bands, languages: [...languages].sort(), queues: [...queues].sort() };
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
    ...fromAnswer(answer),
    channel: answer.channel,
    forecast: answer.risk.forecast,
    advice: asked?.recommendation ?? null,
    answered: asked !== answer.turns.at(-1),
    steps: customer.map((turn) => ({ level: turn.risk.level, band: turn.risk.band })),
    model: asked?.model ?? null,
    policyVersion: asked?.policy.version ?? "",
    messages: answer.turns.map((turn) => ({ id: turn.turn_id, role: turn.role, text: turn.text, sentAt: turn.sent_at, score: turn.score })),
  };
}
