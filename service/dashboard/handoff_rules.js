/* A hand-off as it stands -> what the reader may do with it now. Pure; the same table as the service's, which
 * decides anyway, and a test compares the two. */

/** @typedef {"claim"|"accept"|"join"|"return"|"resolve"} HandoffAction */

export const ACTIONS = ["claim", "accept", "join", "return", "resolve"];

/* What changes something. The same status again does not, and where nobody has it there is nothing to return. */
const POSSIBLE = {
  open: ["claim", "accept", "join", "resolve"],
  claimed: ["accept", "join", "return", "resolve"],
  accepted: ["join", "return", "resolve"],
  joined: ["return", "resolve"],
  returned: ["claim", "accept", "join", "resolve"],
  resolved: ["claim", "accept", "join"],
};

/* Of these an agent may take: ask for what is nobody's, and end what is theirs. To accept is a supervisor's duty. */
const AGENTS_STEPS = { nobodys: ["claim"], own: ["return", "resolve"] };

/* The step that usually comes next; a resolved conversation is taken up again only on purpose. */
const NEXT = { open: "claim", claimed: "accept", accepted: "join", joined: "resolve", returned: "claim", resolved: null };

/**
 * The hand-off as it stands at a moment: open again from its deadline on.
 * @param {{status: string, owner: string|null, deadline: number|null}} standing @param {number} now
 */
export function standingAt(standing, now) {
  const lapsed = standing.deadline !== null && now >= standing.deadline;
  return lapsed ? { ...standing, status: "open", owner: null, deadline: null } : standing;
}

/**
 * @param {{status: string, owner: string|null}} standing
 * @param {string} reader name of the reader @param {boolean} isSupervisor whether the reader is more than an agent
 * @returns {HandoffAction[]}
 */
export function possible({ status, owner }, reader, isSupervisor) {
  if (owner !== null && owner !== reader) return [];
  const steps = POSSIBLE[status] ?? [];
  const agents = owner === null ? AGENTS_STEPS.nobodys : AGENTS_STEPS.own;
  return isSupervisor ? steps : steps.filter((step) => agents.includes(step));
}

/** The action that usually comes next, or null. @returns {HandoffAction|null} */
export function next({ status }) {
  return NEXT[status] ?? null;
}
