/* Why a turn is worth a label -> a sentence in the reader's language. */

import { number, percent, t, word } from "../strings.js";

/** @param {{cause: string, signal: string|null, facts: Record<string, number|string>}} reason */
export function reasonLine({ cause, signal, facts }) {
  return t(`labels.cause.${cause}`, SLOTS[cause]?.(facts, nameOf(signal)) ?? {});
}

const SLOTS = {
  near_threshold: ({ probability, threshold }, signal) => ({ signal, percent: percent(probability), threshold: percent(threshold) }),
  mixed_mood: ({ first, second }) => ({ first: word("sentiment", first), second: word("sentiment", second) }),
  abstained: ({ abstain_reason: reason }) => ({ reason: word("abstain", reason) }),
  missed: ({ highest }) => ({ percent: percent(highest) }),
  corrected: (_, signal) => ({ signal }),
  contested: (_, signal) => ({ signal }),
  moved: ({ group, name, psi }, signal) => ({ signal, group: group === "language" ? word("language", name) : name, psi: number(psi, { maximumFractionDigits: 2 }) }),
};

/** The name of a label. @param {string|null} label */
export function nameOf(label) {
  if (label === "sentiment" || label === "threat_kind") return t(`labels.name.${label}`);
  return label === null ? "" : word("signal", label);
}
