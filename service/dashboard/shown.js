/* Rows + filter -> the rows that are shown, in order, and what there is to filter by. Pure. */

/**
 * @typedef {object} Filter
 * @property {Set<string>} bands empty means all
 * @property {string} language "" means all
 * @property {string|null} queue "" is no queue, null means all
 * @property {string} text in the id or the last words
 * @property {boolean} mine those of the person who looks
 * @property {boolean} needs those that ask for somebody
 * @property {""|"open"|"owned"|"resolved"|"all"} status "" is everything that is not resolved
 * @property {number} days heard of within so many days
 * @property {"risk"|"waiting"|"latest"} sort
 */

export const BANDS = ["critical", "high", "watch", "calm"];
export const DAYS = [1, 7, 30];
export const STATUSES = ["", "open", "owned", "resolved", "all"];
export const SORTS = ["risk", "waiting", "latest"];

/** What is shown unless the reader chooses otherwise. @type {Filter} */
export const DEFAULTS = Object.freeze({
  bands: new Set(), language: "", queue: null, text: "", mine: false, needs: false, status: "", days: DAYS[0], sort: SORTS[0],
});

const OWNED = ["claimed", "accepted", "joined"];
const DAY_S = 86400;

/** Whether somebody has the conversation. */
export function isOwned(row) {
  return OWNED.includes(row.status);
}

/** Whether a live alert asks for somebody, and nobody has come. */
export function needsSomebody(row) {
  return row.alert?.status === "raised" && !isOwned(row);
}

const HAS_STATUS = {
  "": (row) => row.status !== "resolved",
  open: (row) => !isOwned(row) && row.status !== "resolved",
  owned: isOwned,
  resolved: (row) => row.status === "resolved",
  all: () => true,
};

/**
 * The rows of the chosen status and time; one whose id is searched for is found whatever its status and age.
 * @param {Map<string, import("./state.js").Row>} rows @param {Filter} filter @param {number} now seconds since the epoch
 */
export function inView(rows, { status, days, text }, now) {
  const wanted = text.trim().toLowerCase();
  const since = now - days * DAY_S;
  const isSearched = (row) => wanted !== "" && row.id.toLowerCase().includes(wanted);
  const found = [];
  for (const row of rows.values()) {
    if (row.turns === 0) continue;
    if ((row.updatedAt >= since && HAS_STATUS[status](row)) || isSearched(row)) found.push(row);
  }
  return found;
}

/** Those of them that match, in the chosen order. @param {import("./state.js").Row[]} rows @param {Filter} filter @param {string} me */
export function matching(rows, filter, me) {
  const { bands, language, queue, mine, needs } = filter;
  const wanted = filter.text.trim().toLowerCase();
  const fits = (row) =>
    (!bands.size || bands.has(row.band)) &&
    (!language || row.language === language) &&
    (queue === null || (row.queue ?? "") === queue) &&
    (!mine || (isOwned(row) && row.owner === me)) &&
    (!needs || needsSomebody(row)) &&
    (!wanted || row.id.toLowerCase().includes(wanted) || row.text.toLowerCase().includes(wanted));
  return rows.filter(fits).sort(BY[filter.sort]);
}

/* By risk: the order of the API. Each ends with the id, so that equals stay where they are. */
const byId = (a, b) => (a.id < b.id ? -1 : 1);
const byRisk = (a, b) => b.level - a.level || b.updatedAt - a.updatedAt || byId(a, b);
const BY = {
  risk: byRisk,
  waiting: (a, b) => (a.waitingSince ?? Infinity) - (b.waitingSince ?? Infinity) || byRisk(a, b),
  latest: (a, b) => b.updatedAt - a.updatedAt || byId(a, b),
};

/** How many rows there are per band, of mine and in need, and which languages and queues occur. */
export function overview(rows, me) {
  const bands = { critical: 0, high: 0, watch: 0, calm: 0 };
  const languages = new Set();
  const queues = new Set();
  let [mine, needs] = [0, 0];
  for (const row of rows) {
    bands[row.band] += 1;
    if (row.language) languages.add(row.language);
    queues.add(row.queue ?? "");
    if (row.owner === me && isOwned(row)) mine += 1;
    if (needsSomebody(row)) needs += 1;
  }
  return { bands, mine, needs, languages: [...languages].sort(), queues: [...queues].sort() };
}

/** The filter as the query of an address; "" for the defaults. @param {Filter} filter */
export function toQuery(filter) {
  const { language, queue, text, mine, needs, status, days, sort } = filter;
  const said = new URLSearchParams();
  const say = (name, value, isSaid = value !== DEFAULTS[name]) => isSaid && said.set(name, value);
  say("bands", BANDS.filter((band) => filter.bands.has(band)).join("-"), filter.bands.size > 0);
  say("language", language);
  say("queue", queue);
  say("mine", 1, mine);
  say("needs", 1, needs);
  say("status", status);
  say("days", days);
  say("sort", sort);
  say("text", text, text.trim() !== "");
  return said.toString();
}

/** The filter that a query names; whatever is no choice of ours is left at its default. @param {string} query @returns {Filter} */
export function fromQuery(query) {
  const said = new URLSearchParams(query);
  const oneOf = (name, choices) => choices.find((choice) => String(choice) === said.get(name)) ?? DEFAULTS[name];
  const named = (said.get("bands") ?? "").split("-");
  return {
    bands: new Set(BANDS.filter((band) => named.includes(band))),
    language: said.get("language") ?? "",
    queue: said.get("queue"),
    text: said.get("text") ?? "",
    mine: said.get("mine") === "1",
    needs: said.get("needs") === "1",
    status: oneOf("status", STATUSES),
    days: oneOf("days", DAYS),
    sort: oneOf("sort", SORTS),
  };
}
