/* Several tabs of one browser -> one at a time looks at the ledger, so nothing is told twice.
 *
 * Where the browser has Web Locks, each look is taken in turn. Without them (they need https or localhost)
 * one tab leads: it renews a short lease; a tab that somebody looks at takes it from one in the background. */

const NAME = "evenkeel.bell";
const LEASE_KEPT_UNDER = "evenkeel.bell.lead";
const LEASE_S = 15; // three looks of bell.js

const tab = Math.random().toString(36).slice(2);

/**
 * Who leads after this tab has asked. Pure.
 * @param {{tab: string, isVisible: boolean, until: number}|null} lease @param {{tab: string, isVisible: boolean}} asking
 * @param {number} now
 * @returns {{leads: boolean, lease: {tab: string, isVisible: boolean, until: number}}}
 */
export function claim(lease, asking, now) {
  const isFree = lease === null || lease.tab === asking.tab || lease.until <= now || (asking.isVisible && !lease.isVisible);
  return isFree ? { leads: true, lease: { ...asking, until: now + LEASE_S } } : { leads: false, lease };
}

/** Do the work when it is this tab's turn, if it gets one. @param {() => void} work */
export async function inTurn(work) {
  if (navigator.locks) return navigator.locks.request(NAME, work);
  const { leads, lease } = claim(keptLease(), { tab, isVisible: !document.hidden }, Date.now() / 1000);
  localStorage.setItem(LEASE_KEPT_UNDER, JSON.stringify(lease));
  if (leads) work();
}

function keptLease() {
  try {
    return JSON.parse(localStorage.getItem(LEASE_KEPT_UNDER));
  } catch {
    return null;
  }
}
