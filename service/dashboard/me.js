/* Who is signed in, and what this person may do. Asked once after every sign-in; the service decides anyway. */

import { whoAmI } from "./api.js";

const RANKS = ["agent", "supervisor", "admin"];

let current = null;

/** The signed-in person; null before anybody is. @returns {{name: string, display_name: string, role: "agent"|"supervisor"|"admin"}|null} */
export function me() {
  return current;
}

/** Ask who is signed in. */
export async function meet() {
  current = await whoAmI();
  return current;
}

/** Whether the signed-in person has this role or one above it. @param {string} role */
export function may(role) {
  return current !== null && RANKS.indexOf(current.role) >= RANKS.indexOf(role);
}
