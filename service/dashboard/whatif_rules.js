/* The rules of the policy in force, with a search, and a field for each number in them: step 1 of a what-if. */

import { h, setAttribute, setText } from "./dom.js";
import { plural, t, word } from "./strings.js";
import { ENABLED, folded, isChanged, readNumber, tried, withChange, withoutRule } from "./whatif_changes.js";
import { comparison, conditionName, conditionValue, limitName, limitPart } from "./whatif_words.js";

/* Only actions that ask for somebody have a queue and a time, so only they can take each other's place. */
const SWAPPED = ["consult", "handoff"];

export class RuleList {
  /**
   * @param {object} policy as `GET /v1/policy` answers
   * @param {(changes: import("./whatif_changes.js").Changes) => void} onChange
   */
  constructor(policy, onChange) {
    this.policy = policy;
    this.onChange = onChange;
    this.changes = new Map();
    this.rows = policy.rules.map((rule, i) => this.row(rule, i + 1));
    this.search = h("input", { type: "search", id: "whatif-search", autocomplete: "off" });
    this.only = h("input", { type: "checkbox" });
    this.count = h("p", { class: "hint", role: "status" });
    for (const field of [this.search, this.only]) field.addEventListener("input", () => this.filter());
    const tools = h("div", { class: "rule-tools" }, h("label", { for: "whatif-search" }, t("whatif.search")), this.search, h("label", { class: "check" }, this.only, t("whatif.only")), this.count);
    this.element = h("div", { class: "rule-part" }, tools, h("ol", { class: "rule-list" }, ...this.rows.map((row) => row.element)));
    this.filter();
  }

  /** Take these changes for what the reader set. @param {import("./whatif_changes.js").Changes} changes */
  set(changes) {
    this.changes = changes;
    for (const row of this.rows) row.update();
    this.filter();
    this.onChange(changes);
  }

  filter() {
    const wanted = folded(this.search.value).split(/\s+/).filter(Boolean);
    const shown = this.rows.filter((row) => {
      const isShown = wanted.every((part) => row.words.includes(part)) && (!this.only.checked || isChanged(this.changes, row.rule.id));
      row.element.hidden = !isShown;
      return isShown;
    });
    setText(this.count, plural("whatif.rules", shown.length));
  }

  change(rule, path, value) {
    this.set(withChange(this.changes, rule, path, value));
  }

  row(rule, place) {
    const fields = [];
    const state = h("span", { class: "rule-state" });
    const target = rule.queue ? word("target", rule.queue) : "";
    const summary = h("summary", {}, h("span", { class: "rule-place" }, `${place}.`), h("span", { class: "rule-because" }, rule.because), h("span", { class: "rule-facts" }, h("span", { class: "rule" }, rule.id), h("span", {}, `${word("action.short", rule.action)} ${target}`), state));
    const reset = h("button", { class: "button quiet small", type: "button" }, t("whatif.reset"));
    reset.addEventListener("click", () => this.set(withoutRule(this.changes, rule.id)));
    const body = h("div", { class: "rule-body" }, this.enabled(rule, fields), this.conditions(rule, fields), this.target(rule, fields), reset);
    const element = h("li", { class: "rule-row", "data-rule": rule.id }, h("details", {}, summary, body));
    const update = () => {
      const isOff = tried(this.changes, rule, ENABLED) === false;
      for (const field of fields) field();
      setAttribute(element, "data-state", isOff ? "off" : isChanged(this.changes, rule.id) ? "changed" : null);
      setText(state, isOff ? t("whatif.state.off") : isChanged(this.changes, rule.id) ? t("whatif.state.changed") : "");
      reset.hidden = !isChanged(this.changes, rule.id);
    };
    update();
    const words = folded([rule.id, rule.because, rule.action, word("action", rule.action), target, ...rule.conditions.map((one) => conditionName(one.word))].join(" "));
    return { rule, element, update, words };
  }

  enabled(rule, fields) {
    const box = h("input", { type: "checkbox", role: "switch" });
    box.addEventListener("change", () => this.change(rule, ENABLED, box.checked));
    fields.push(() => (box.checked = tried(this.changes, rule, ENABLED)));
    return h("label", { class: "check" }, box, t("whatif.enabled"));
  }

  conditions(rule, fields) {
    const items = rule.conditions.flatMap((condition) => {
      if (!condition.limits.length) return [h("li", {}, h("span", {}, conditionName(condition.word)), h("strong", {}, conditionValue(condition)))];
      return condition.limits.map((limit) => this.limit(rule, condition, limit, fields));
    });
    return h("div", {}, h("p", { class: "rule-when" }, t("whatif.when")), h("ul", { class: "conditions" }, ...items));
  }

  /* A share has a slider too; both show the same number. */
  limit(rule, { word: name }, limit, fields) {
    const isShare = limit.unit === "share";
    const label = `${limitName(name, limit.name)}: ${comparison(name)}`;
    const bounds = isShare ? { min: 0, max: 100 } : { min: limit.low, max: limit.high };
    const field = h("input", { type: "number", step: isShare ? "any" : 1, ...bounds, "aria-label": label, "data-path": limit.path });
    const slider = isShare ? h("input", { type: "range", step: 1, ...bounds, "aria-label": label, tabindex: "-1", "aria-hidden": "true" }) : null;
    const take = (input) => {
      const value = readNumber(input.value, limit);
      setAttribute(field, "aria-invalid", value === null ? "true" : null);
      if (value !== null) this.change(rule, limit.path, value);
    };
    for (const input of [field, slider]) input?.addEventListener("input", () => take(input));
    fields.push(() => {
      const value = tried(this.changes, rule, limit.path);
      const shown = isShare ? Math.round(value * 1000) / 10 : value;
      if (readNumber(field.value, limit) !== value) field.value = shown;
      if (slider) slider.value = shown;
    });
    const unit = isShare ? "%" : limit.unit === "seconds" ? t("whatif.seconds") : "";
    return h("li", { class: "limit" }, h("span", {}, conditionName(name), limit.name === null ? null : h("em", {}, limitPart(name, limit.name))), h("span", { class: "limit-value" }, comparison(name), field, unit, slider));
  }

  target(rule, fields) {
    if (!SWAPPED.includes(rule.action)) return h("p", { class: "hint" }, t("whatif.fixed", { action: word("action", rule.action) }));
    const action = this.choice(rule, "action", SWAPPED.map((name) => [name, word("action", name)]), fields);
    const queue = this.choice(rule, "queue", this.policy.queues.map((name) => [name, word("desk", name)]), fields);
    return h("div", { class: "rule-target" }, action, queue);
  }

  choice(rule, path, options, fields) {
    const select = h("select", {}, ...options.map(([value, words]) => h("option", { value }, words)));
    select.addEventListener("change", () => this.change(rule, path, select.value));
    fields.push(() => (select.value = tried(this.changes, rule, path)));
    return h("label", { class: "field" }, h("span", {}, t(`whatif.${path}`)), select);
  }
}
