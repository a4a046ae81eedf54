/* What the reader changed in the policy, beside the policy as it is. Pure; no page is touched here.
 *
 * A change is `{rule, path, value}` as the API takes it, kept by rule and path; one that is set back to what is
 * in force is no change any more. */

/** @typedef {Map<string, {rule: string, path: string, value: string|number|boolean}>} Changes */

/** The path of no key: `false` switches a rule off. */
export const ENABLED = "enabled";

/** What stands at a path of a rule today. @param {object} rule as `GET /v1/policy` shows it @param {string} path */
export function today(rule, path) {
  if (path === ENABLED) return true;
  if (!path.startsWith("when.")) return rule[path];
  return rule.conditions.flatMap((condition) => condition.limits).find((limit) => limit.path === path)?.value;
}

/** What would stand there. @param {Changes} changes @param {object} rule @param {string} path */
export function tried(changes, rule, path) {
  return changes.get(keyOf(rule.id, path))?.value ?? today(rule, path);
}

/** The changes with one more, or one less. @param {Changes} changes @param {object} rule @param {string} path @param {string|number|boolean} value */
export function withChange(changes, rule, path, value) {
  const next = new Map(changes);
  if (value === today(rule, path)) next.delete(keyOf(rule.id, path));
  else next.set(keyOf(rule.id, path), { rule: rule.id, path, value });
  return next;
}

/** The changes without those of one rule. @param {Changes} changes @param {string} rule */
export function withoutRule(changes, rule) {
  return new Map([...changes].filter(([, change]) => change.rule !== rule));
}

/** Whether a rule is changed. @param {Changes} changes @param {string} rule */
export function isChanged(changes, rule) {
  return [...changes.values()].some((change) => change.rule === rule);
}

/** Fold for a search: capitals and accents do not matter. @param {string} text */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d").replaceAll("Đ", "D").toLowerCase();
}

/**
 * A number as it was typed, when it may stand there; else null. Shares are typed in percent.
 * @param {string} text @param {{unit: string, low: number, high: number}} limit
 */
export function readNumber(text, { unit, low, high }) {
  const typed = text.trim() === "" ? NaN : Number(text.replace(",", "."));
  const value = unit === "share" ? Math.round(typed * 10) / 1000 : typed;
  const isWhole = unit === "share" || Number.isInteger(value);
  return isWhole && value >= low && value <= high ? value : null;
}

function keyOf(rule, path) {
  return `${rule} ${path}`;
}
