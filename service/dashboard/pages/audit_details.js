/* An entry of the audit log -> its subject and details in the reader's words. What this board has no words for is shown as it is. */

import { number, t, word } from "../strings.js";

const NEVER = [null, undefined, ""];
const BUDGET = "alert_budget.";
/* The words of what a detail lists. */
const LISTED = { types: "webhooks.type", changed: "audit.changed" };

/** What an entry is about: a setting by its name, anything else as it was written. @param {{action: string, subject: string}} entry */
export function subjectOf({ action, subject }) {
  if (action !== "settings.changed") return subject;
  if (subject.startsWith(BUDGET)) return t("audit.subject.budget", { queue: word("settings.queue", subject.slice(BUDGET.length)) });
  return word("audit.subject", subject);
}

/**
 * The details of an entry, each as a name and a value; what is not said is left out.
 * @param {{action: string, detail: Record<string, unknown>}} entry
 * @param {(seconds: number) => string} moment how a time is written
 * @returns {[string, string][]}
 */
export function detailsOf({ action, detail }, moment) {
  const told = Object.entries(detail).map(([name, value]) => [word("audit.detail", name), said(action, name, value, moment)]);
  return told.filter(([, value]) => value !== "");
}

/* A setting that has no value is as the service was started; elsewhere nothing was said. */
function said(action, name, value, moment) {
  if (action === "settings.changed" && value === null) return t("audit.value.start");
  if (NEVER.includes(value)) return "";
  if (name === "labels") return labels(value);
  if (name === "until") return moment(value);
  if (Array.isArray(value)) return value.map((one) => (LISTED[name] ? word(LISTED[name], one) : one)).join(", ");
  if (typeof value === "boolean") return t(value ? "audit.value.yes" : "audit.value.no");
  if (typeof value === "number") return number(value);
  const group = groupOf(action, name);
  return group ? word(group, value) : String(value);
}

/* Which words the values of a detail have; none for names and versions. */
function groupOf(action, name) {
  if (name === "kind" && action.startsWith("connection.")) return null; // a desk's name
  if (name === "from" || name === "to") return action === "person.role_changed" ? "person.role" : action.startsWith("handoff.") ? "handoff.status" : null;
  return { via: "audit.via", role: "person.role", kind: "settings.keys.kind", queue: "settings.queue", outcome: "outcome", reason: "audit.reason", for: "audit.for", answers: "audit.answers" }[name] ?? null;
}

function labels(given) {
  const told = Object.entries(given).filter(([, value]) => value !== null);
  return told.map(([label, value]) => `${labelName(label)} ${labelValue(label, value)}`).join(", ");
}

function labelName(label) {
  return ["threat_kind", "sentiment"].includes(label) ? t(`labels.name.${label}`) : word("signal", label);
}

function labelValue(label, value) {
  if (label === "threat_kind") return word("kind", value);
  if (label === "sentiment") return word("sentiment", value);
  return t(value ? "audit.value.yes" : "audit.value.no");
}
