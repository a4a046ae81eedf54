/* The turns of a conversation -> what stands between them: pauses, and where the recommendation changed. Pure. */

const WAITED_FROM_S = 120;
const PAUSE_FROM_S = 600;

/**
 * How long nothing was said before a turn: the customer waited for this answer, or there was a pause. Null when it was short.
 * @param {{role: string, sentAt: number}[]} messages @param {number} i
 * @returns {{kind: "waited"|"pause", seconds: number}|null}
 */
export function gapBefore(messages, i) {
  if (i === 0) return null;
  const { role, sentAt } = messages[i];
  const before = messages[i - 1];
  if (role !== "customer" && before.role === "customer") {
    const seconds = sentAt - askedAt(messages, i);
    return seconds >= WAITED_FROM_S ? { kind: "waited", seconds } : null;
  }
  const seconds = sentAt - before.sentAt;
  return seconds >= PAUSE_FROM_S ? { kind: "pause", seconds } : null;
}

/* Since when the customer had waited for the answer of number i: the first message after the last answer. */
function askedAt(messages, i) {
  let first = i - 1;
  while (first > 0 && messages[first - 1].role === "customer") first -= 1;
  return messages[first].sentAt;
}

/**
 * Where what is recommended changed: action, queue or the rule that decided. What agents write calls for
 * nothing, and a message that cannot be judged takes nothing back.
 * @param {object[]} messages @returns {Map<string, object>} id of the turn -> the recommendation that began with it
 */
export function changes(messages) {
  const found = new Map();
  let last = "none";
  for (const { id, role, score, recommendation } of messages) {
    if (role !== "customer" || !recommendation) continue;
    const { action, queue, reasons } = recommendation;
    if (action === "none" && score?.status === "abstained") continue;
    const said = action === "none" ? "none" : JSON.stringify([action, queue, reasons[0]?.rule]);
    if (said === last) continue;
    last = said;
    found.set(id, recommendation);
  }
  return found;
}

/**
 * The usual time between two messages of the customer in seconds, null before the third message.
 * @param {{at: number}[]} steps
 */
export function pace(steps) {
  if (steps.length < 3) return null;
  const gaps = steps.slice(1).map((step, i) => Math.max(0, step.at - steps[i].at)).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length / 2)];
}
