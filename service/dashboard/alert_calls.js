/* The calls of the API that are about alerts. Sentences come in the reader's language. */

import { read, send } from "./api.js";
import { language } from "./strings.js";

const PAGE_SIZE = 200;
const MAX_PAGES = 10;

/** The live alerts, the most urgent first. @returns {Promise<object[]>} */
export async function liveAlerts() {
  const found = [];
  let cursor = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await listAlerts({ limit: PAGE_SIZE, cursor });
    found.push(...answer.alerts);
    cursor = answer.next_cursor;
    if (cursor === null) break;
  }
  return found;
}

/**
 * One page of alerts. @param {Record<string, string|number|null>} wanted status, queue, limit, cursor
 * @returns {Promise<{alerts: object[], next_cursor: string|null}>}
 */
export function listAlerts(wanted) {
  const given = Object.entries({ language: language(), ...wanted }).filter(([, value]) => value !== null && value !== "");
  return read(`/v1/alerts?${new URLSearchParams(given)}`);
}

/** One alert, live or ended. @param {string} id */
export function findAlert(id) {
  return read(`${addressOfAlert(id)}?language=${language()}`);
}

/**
 * Acknowledge, snooze or dismiss. @param {string} id
 * @param {{action: string, by: string, for_s?: number, until?: string, justified?: boolean}} change
 */
export function changeAlert(id, change) {
  return send("POST", `${addressOfAlert(id)}?language=${language()}`, change);
}

/** The alerts of one conversation, the latest first. @param {string} conversationId */
export function alertsOf(conversationId) {
  return read(`/v1/conversations/${encodeURIComponent(conversationId)}/alerts?language=${language()}`);
}

/** How the alerts of the last days did, and how full the budgets are. @param {number} days */
export function alertSummary(days) {
  return read(`/v1/alerts/summary?days=${days}`);
}

function addressOfAlert(id) {
  return `/v1/alerts/${encodeURIComponent(id)}`;
}
