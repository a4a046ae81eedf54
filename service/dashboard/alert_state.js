/* An alert as the API tells it -> what a reader wants to know of it. Pure. */

/**
 * @typedef {object} Alert as `GET /v1/alerts` answers it
 * @property {string} alert_id
 * @property {string} conversation_id
 * @property {string} queue @property {string} action @property {string} band @property {number} level
 * @property {"held"|"raised"|"acknowledged"|"snoozed"|"withdrawn"|"closed"} status
 * @property {{rule: string, because: string|null}[]} reasons
 * @property {number|null} raised_at @property {number|null} due_at @property {string|null} climbs_to
 * @property {number} climbs @property {number} merged
 * @property {boolean} [pending] asked for here, not answered yet
 */

/** The live statuses, in the order of the filters: asks for somebody, in hand, asleep, held back. */
export const LIVE = ["raised", "acknowledged", "snoozed", "held"];

/**
 * What changes something about an alert now: the same as the service accepts of a supervisor.
 * @param {Alert} alert @returns {("acknowledge"|"snooze"|"dismiss")[]}
 */
export function possibleWith({ status, queue, acknowledged_by: by }) {
  if (!LIVE.includes(status)) return [];
  const isTaken = status === "acknowledged" && by !== null;
  return [isTaken ? null : "acknowledge", queue === "safety" ? null : "snooze", "dismiss"].filter(Boolean);
}

/** How many alerts have each live status. @param {Alert[]} alerts */
export function countByStatus(alerts) {
  const counts = Object.fromEntries(LIVE.map((status) => [status, 0]));
  for (const { status } of alerts) if (status in counts) counts[status] += 1;
  return counts;
}

/* Nobody is at these: first who was called, then who was not even told; then what somebody has seen. */
const READING_ORDER = ["raised", "held", "acknowledged", "snoozed"];

/**
 * Those of a queue and a status; `""` is any. What needs somebody comes first, else the order stays.
 * @param {Alert[]} alerts
 */
export function matching(alerts, { queue, status }) {
  const wanted = alerts.filter((alert) => (!queue || alert.queue === queue) && (!status || alert.status === status));
  return wanted.toSorted((a, b) => READING_ORDER.indexOf(a.status) - READING_ORDER.indexOf(b.status));
}

/**
 * What the alert will look like when the service has agreed, to be shown until it has answered.
 * @param {Alert} alert @param {object} change as `changeAlert` sends it @param {number} now
 * @returns {Alert}
 */
export function expected(alert, change, now) {
  const asked = { ...alert, pending: true };
  if (change.action === "snooze") {
    return { ...asked, status: "snoozed", snoozed_until: change.until ? Date.parse(change.until) / 1000 : now + change.for_s };
  }
  const taken = { ...asked, acknowledged_by: alert.acknowledged_by ?? change.by, acknowledged_at: alert.acknowledged_at ?? now };
  if (change.action === "acknowledge") return { ...taken, status: "acknowledged" };
  return { ...taken, status: "closed", ended_at: now, justified: change.justified ?? null };
}

/**
 * What happens to it next by itself, and in how many seconds: the end of the key `alerts.next.…`.
 * @param {Alert} alert @param {number} now
 * @returns {{what: string, in_s: number|null}}
 */
export function nextOf(alert, now) {
  const { status, due_at: dueAt, climbs_to: to, queue, snoozed_until: until } = alert;
  if (status === "held") return { what: "held", in_s: null };
  if (status === "snoozed") return { what: "snoozed", in_s: Math.max(0, until - now) };
  if (status === "acknowledged") return { what: alert.acknowledged_by === null ? "returned" : "acknowledged", in_s: null };
  if (status !== "raised" || dueAt === null) return { what: status, in_s: null };
  const left = dueAt - now;
  if (!to) return { what: left > 0 ? "last" : "overdue", in_s: Math.abs(left) };
  return { what: left > 0 ? `${to === queue ? "again" : "climbs"}.${to}` : "now", in_s: Math.max(0, left) };
}

/** How an ended alert ended: the end of the key `alerts.ended.…`. @param {Alert} alert */
export function endOf({ status, justified, acknowledged_by: by }) {
  if (status === "withdrawn") return "withdrawn";
  if (justified !== null) return justified ? "justified" : "false_alarm";
  return by === null ? "forgotten" : "unjudged";
}

/**
 * The next time that a clock shows `hh:mm`: later today, or tomorrow. @param {string} time @param {Date} now
 * @returns {Date|null} null for what is no time
 */
export function nextAt(time, now) {
  const found = /^(\d{2}):(\d{2})/.exec(time);
  if (!found) return null;
  const at = (days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, Number(found[1]), Number(found[2]));
  return at(0) > now ? at(0) : at(1);
}

/** Fewer judged alerts than this prove nothing: counts are shown, no share. */
export const ENOUGH = 10;
