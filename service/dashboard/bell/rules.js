/* Which alerts make themselves heard in this browser, when, and how often: once. Pure.
 *
 * An alert may ask again (it climbed, was moved up, or nobody came): that is one more time. Its state only moves
 * forward, so a tab with an older list than another one has nothing to tell. Safety is exempt from the floors of
 * action and risk, as it is from every budget, but not from the choice of queues. */

const ACTIONS = ["none", "phrase", "consult", "handoff"];
const BANDS = ["calm", "watch", "high", "critical"];
export const QUEUES = ["agent", "senior", "technical", "finance", "supervisor", "safety"];
export const FLOORS = { action: ["consult", "handoff"], band: BANDS };
const SAFETY = "safety";

/** After a longer absence what is already there is shown and counted, and wakes nobody. */
const ABSENT_S = 600;
/** A tab that may sound has this long to do it for another one that may not. */
const SOUND_WITHIN_S = 5;
const TOLD_MOST = 500;
const TOMORROW_AT = 7; // o'clock

/**
 * @typedef {object} Settings kept in this browser
 * @property {boolean} desktop @property {boolean} sound @property {number} volume 0..100
 * @property {{until: number|null}|null} quiet do not disturb, until a time or until it is turned off
 * @property {boolean} safetyThrough safety alerts come through anyway
 * @property {string[]} muted queues that are nobody's here: a queue that is new is heard
 * @property {string} action @property {string} band the floors
 */

/** @type {Settings} */
const DEFAULTS = { desktop: false, sound: false, volume: 50, quiet: null, safetyThrough: true, muted: [], action: "consult", band: "calm" };

const VALID = {
  desktop: (value) => typeof value === "boolean",
  sound: (value) => typeof value === "boolean",
  volume: (value) => Number.isFinite(value) && value >= 0 && value <= 100,
  quiet: (value) => value === null || value?.until === null || Number.isFinite(value?.until),
  safetyThrough: (value) => typeof value === "boolean",
  muted: (value) => Array.isArray(value) && value.every((queue) => typeof queue === "string"),
  action: (value) => FLOORS.action.includes(value),
  band: (value) => FLOORS.band.includes(value),
};

/** What was kept -> settings; what is missing or odd is as at first. @param {string|null} kept @returns {Settings} */
export function settingsFrom(kept) {
  const found = parsed(kept);
  const given = Object.keys(DEFAULTS).filter((name) => Object.hasOwn(found, name) && VALID[name](found[name]));
  return { ...DEFAULTS, ...Object.fromEntries(given.map((name) => [name, found[name]])) };
}

/** Whether do-not-disturb is in force. @param {Settings} settings @param {number} now seconds */
export function isQuiet({ quiet }, now) {
  return quiet !== null && (quiet.until === null || now < quiet.until);
}

/**
 * When a chosen silence ends, in seconds; null is "until I turn it off".
 * @param {"half_hour"|"tomorrow"|"off"} choice @param {Date} now
 */
export function quietUntil(choice, now) {
  if (choice === "half_hour") return now.getTime() / 1000 + 1800;
  if (choice === "tomorrow") return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, TOMORROW_AT).getTime() / 1000;
  return null;
}

/** The alerts that ask for somebody of my queues. @param {Settings} settings @param {object[]} alerts */
export function askingMe({ muted }, alerts) {
  return alerts.filter((alert) => alert.status === "raised" && !muted.includes(alert.queue));
}

/** Whether this alert may make itself heard now. @param {Settings} settings @param {object} alert @param {number} now */
function mayBeHeard(settings, alert, now) {
  const isSafety = alert.queue === SAFETY;
  if (isQuiet(settings, now) && !(isSafety && settings.safetyThrough)) return false;
  return isSafety || (ACTIONS.indexOf(alert.action) >= ACTIONS.indexOf(settings.action) && BANDS.indexOf(alert.band) >= BANDS.indexOf(settings.band));
}

/**
 * @typedef {{at: number, told: Map<string, {at: number, seen: number[], isDone: boolean}>}} Ledger what every tab of this
 *   browser has told: when it was last looked at, and per alert the latest of its states that was seen, when, and whether
 *   nothing is left to sound
 */

/** @param {string|null} kept @returns {Ledger} */
export function ledgerFrom(kept) {
  const { at, told } = parsed(kept);
  const entries = Array.isArray(told) ? told.filter((entry) => Array.isArray(entry) && Array.isArray(entry[1]?.seen)) : [];
  return { at: Number.isFinite(at) ? at : 0, told: new Map(entries) };
}

/** The opposite; the oldest are forgotten. @param {Ledger} ledger */
export function keptLedger({ at, told }) {
  const latest = [...told].sort((a, b) => b[1].at - a[1].at).slice(0, TOLD_MOST);
  return JSON.stringify({ at, told: latest });
}

/**
 * Look at the live alerts: which to show on the desktop, which sound to make, and the ledger after it.
 * @param {Ledger} ledger @param {object[]} alerts @param {Settings} settings @param {number} now
 * @param {boolean} canSound whether this tab may
 * @returns {{ledger: Ledger, show: object[], sound: "alert"|"safety"|null}}
 */
export function review(ledger, alerts, settings, now, canSound) {
  const told = new Map(ledger.told);
  const wasAway = now - ledger.at > ABSENT_S;
  const show = [];
  const sounding = [];
  for (const alert of askingMe({ muted: [] }, alerts)) {
    const before = told.get(alert.alert_id);
    const isNew = !before || isLater(stateOf(alert), before.seen);
    const heard = !wasAway && !settings.muted.includes(alert.queue) && mayBeHeard(settings, alert, now);
    const entry = isNew ? { at: now, seen: stateOf(alert), isDone: !heard } : before;
    if (isNew && heard) show.push(alert);
    const isDue = !entry.isDone && now - entry.at <= SOUND_WITHIN_S && canSound;
    if (isDue) sounding.push(alert);
    told.set(alert.alert_id, isDue ? { ...entry, isDone: true } : entry);
  }
  const sound = !sounding.length ? null : sounding.some((alert) => alert.queue === SAFETY) ? "safety" : "alert";
  return { ledger: { at: now, told }, show, sound };
}

/* Each number only grows while an alert lives. */
function stateOf({ raised_at: raisedAt, climbs, action, queue }) {
  return [raisedAt ?? 0, climbs, ACTIONS.indexOf(action), QUEUES.indexOf(queue)];
}

function isLater(state, other) {
  const at = state.findIndex((value, place) => value !== other[place]);
  return at >= 0 && state[at] > other[at];
}

function parsed(kept) {
  try {
    const found = JSON.parse(kept ?? "{}");
    return typeof found === "object" && found !== null ? found : {};
  } catch {
    return {};
  }
}
