/* Conditions, changes and metrics of the what-if page -> words in the reader's language. */

import { number, t, word } from "./strings.js";
import { percentText } from "./report_figures.js";
import { ENABLED, today } from "./whatif_changes.js";

/* Which group of words names the values of a condition; a desk's own queues are names already. */
const GROUPS = {
  flagged: "signal", not_flagged: "signal", threat_kind: "kind", threat_kind_seen: "kind", topic: "topic",
  stage: "stage", trend: "trend", band: "band", language: "language",
};

/** What a condition looks at. @param {string} name of the API */
export function conditionName(name) {
  return word("when", name.replace(/_(at_least|at_most|below)(_s)?$/, ""));
}

/** "at least", "at most", "under". @param {string} name */
export function comparison(name) {
  return t(name.endsWith("_below") ? "whatif.under" : name.endsWith("_at_most") ? "whatif.atmost" : "whatif.atleast");
}

/** The names or the truth that a condition asks for. @param {object} condition */
export function conditionValue({ word: name, names, truth }) {
  if (truth !== null) return t(truth ? "whatif.yes" : "whatif.no");
  const group = GROUPS[name];
  return new Intl.ListFormat(document.documentElement.lang, { type: name === "flagged" ? "conjunction" : "disjunction" }).format(names.map((one) => (group ? word(group, one) : one)));
}

/** The part of a limit that it is about: a signal or a sentiment; "" where there is none. @param {string} name @param {string|null} part */
export function limitPart(name, part) {
  if (part === null) return "";
  return word(name.startsWith("sentiment") ? "sentiment" : "signal", part);
}

/** "Frustration: flagged messages in a row". @param {string} name @param {string|null} part */
export function limitName(name, part) {
  return part === null ? conditionName(name) : t("whatif.limit", { condition: conditionName(name), part: limitPart(name, part) });
}

/** A value as it is read. @param {number|string|boolean} value @param {string} [unit] */
function valueText(value, unit) {
  if (unit === "share") return percentText(value);
  if (unit === "seconds") return t("time.s", { n: number(value) });
  return typeof value === "number" ? number(value) : String(value);
}

/** A change in words: what, from, to. @param {object} rule @param {{path: string, value: unknown}} change */
export function changeText(rule, { path, value }) {
  const was = today(rule, path);
  if (path === ENABLED) return t("whatif.change.off");
  if (path === "action") return t("whatif.change", { what: t("whatif.action"), from: word("action", was), to: word("action", value) });
  if (path === "queue") return t("whatif.change", { what: t("whatif.queue"), from: word("desk", was), to: word("desk", value) });
  const condition = rule.conditions.find((one) => one.limits.some((limit) => limit.path === path));
  const limit = condition.limits.find((one) => one.path === path);
  const what = `${limitName(condition.word, limit.name)} ${comparison(condition.word)}`;
  return t("whatif.change", { what, from: valueText(was, limit.unit), to: valueText(value, limit.unit) });
}
