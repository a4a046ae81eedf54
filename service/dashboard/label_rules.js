/* What the model answered and what people say of a turn -> what a label editor shows and sends. Pure.
 *
 * A label that nobody touched is not said: only what somebody looked at may teach the next model. */

/** The labels that hold or do not, in the order in which they are shown. */
export const BINARY = ["frustration", "abuse", "threat", "asks_human"];
export const KINDS = ["violence", "self_harm", "legal", "regulator", "publicity", "chargeback"];
export const SENTIMENTS = ["negative", "neutral", "positive"];
const ALL = [...BINARY, "threat_kind", "sentiment"];

/** @typedef {{frustration?: 0|1|null, abuse?: 0|1|null, threat?: 0|1|null, asks_human?: 0|1|null, threat_kind?: string|null, sentiment?: string|null}} Labels */

/**
 * What the model answered, as labels; it answered nothing where it abstained.
 * @param {object} score
 * @returns {Labels}
 */
export function answerOf(score) {
  if (score.status !== "scored") return {};
  const [mood] = Object.entries(score.sentiment).toSorted((a, b) => b[1] - a[1])[0] ?? [null];
  const flags = Object.fromEntries(BINARY.map((label) => [label, score.flags[label] ? 1 : 0]));
  return { ...flags, threat_kind: flags.threat ? score.threat_kind : null, sentiment: mood };
}

/** Only the labels among the values of an answer. @param {object} said @returns {Labels} */
export function labelsOf(said) {
  return Object.fromEntries(ALL.map((label) => [label, said?.[label] ?? null]));
}

/** What is shown: what was said, and what the model answered where nothing was. @param {Labels} said @param {Labels} answer @returns {Labels} */
export function shown(said, answer) {
  const merged = Object.fromEntries(ALL.map((label) => [label, said[label] ?? answer[label] ?? null]));
  return merged.threat === 1 ? merged : { ...merged, threat_kind: null };
}

/**
 * What is said after a click on a label: the opposite of what is shown, or the value that was chosen.
 * @param {Labels} said @param {Labels} answer @param {string} label @param {string} [value] a kind or a sentiment
 * @returns {Labels}
 */
export function clicked(said, answer, label, value) {
  const before = shown(said, answer);
  if (label === "threat_kind") return { ...said, threat: 1, threat_kind: before.threat_kind === value ? null : value };
  if (label === "sentiment") return { ...said, sentiment: value };
  const after = { ...said, [label]: before[label] === 1 ? 0 : 1 };
  return label === "threat" ? { ...after, threat_kind: after.threat === 1 ? before.threat_kind : null } : after;
}

/** Everything that is shown, as said: "right as it is". What the model left open and nobody chose is "no". @param {Labels} said @param {Labels} answer @returns {Labels} */
export function confirmed(said, answer) {
  const all = shown(said, answer);
  return { ...all, ...Object.fromEntries(BINARY.map((label) => [label, all[label] ?? 0])) };
}

/** The labels in which somebody contradicts the model. @param {Labels} said @param {Labels} answer @returns {string[]} */
export function corrections(said, answer) {
  return ALL.filter((label) => (said[label] ?? null) !== null && (answer[label] ?? null) !== null && said[label] !== answer[label]);
}

/** The sentiment after this one, in a circle. @param {string|null} sentiment */
export function nextSentiment(sentiment) {
  return SENTIMENTS[(SENTIMENTS.indexOf(sentiment) + 1) % SENTIMENTS.length];
}

/** Whether two say the same. @param {Labels} one @param {Labels} other */
export function same(one, other) {
  return ALL.every((label) => (one[label] ?? null) === (other[label] ?? null));
}
