/* Cards of the settings: alert budgets, retention, and what the service was started with; of each value its source. */

import { read, send } from "../api.js";
import { h } from "../dom.js";
import { clock, number, plural, t, word } from "../strings.js";
import { button, card, field, Said, table } from "./settings_parts.js";

const LIMITS = { alert_budgets: 100000, retention_days: 36500 };

export class LimitsCard {
  /** @param {object} board */
  constructor(board) {
    this.budgetsSaid = new Said(board);
    this.retentionSaid = new Said(board);
    this.budgets = h("tbody", {});
    this.retention = h("div", {});
    this.started = h("tbody", {});
    this.about = h("p", { class: "hint" });
    const headers = ["queue", "value", "source", "actions"].map((column) => t(`settings.budget.${column}`));
    this.elements = [
      card("settings.budget", table(t("settings.budget.caption"), headers, this.budgets), this.budgetsSaid.element),
      card("settings.retention", this.retention, this.retentionSaid.element),
      card("settings.started", this.about, table(t("settings.started.caption"), ["name", "value", "source"].map((column) => t(`settings.started.${column}`)), this.started)),
    ];
  }

  async load() {
    this.show(await read("/v1/settings"));
  }

  show(settings) {
    this.budgets.replaceChildren(...settings.alert_budgets.map((budget) => this.budgetRow(budget, settings.queues)), safetyRow());
    this.retention.replaceChildren(this.retentionForm(settings.retention_days));
    this.started.replaceChildren(...settings.started_with.map(startedRow));
    const { version, database, model, policy } = settings;
    this.about.textContent = t("settings.started.about", { version, database: database === "sqlite" ? "SQLite" : "PostgreSQL", model: model.version, policy: policy.version });
  }

  budgetRow(budget, used) {
    const { queue } = budget;
    const input = numberInput(`budget-${queue}`, budget.value, LIMITS.alert_budgets);
    input.setAttribute("aria-label", t("settings.budget.of", { queue: word("settings.queue", queue) }));
    const save = (value) => this.change({ alert_budgets: { [queue]: value } }, this.budgetsSaid, t("settings.budget.done", { queue: word("settings.queue", queue) }));
    const form = h("form", { class: "inline-form" }, input, h("button", { class: "button quiet small", "aria-label": t("settings.budget.save.of", { queue: word("settings.queue", queue) }) }, t("settings.save")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void save(input.valueAsNumber);
    });
    const unused = used.includes(queue) ? null : h("small", {}, t("settings.budget.unused"));
    const back = budget.source === "board" ? button(t("settings.back", { value: number(budget.start_value) }), () => save(null)) : null;
    return h("tr", { "data-queue": queue }, h("th", { scope: "row" }, word("settings.queue", queue), unused), h("td", {}, form), h("td", {}, ...source(budget)), h("td", { class: "actions" }, back));
  }

  retentionForm(retention) {
    const input = numberInput("retention-days", retention.value, LIMITS.retention_days);
    const save = (value) => this.change({ retention_days: value }, this.retentionSaid, t("settings.retention.done"));
    const form = h("form", { class: "fields" }, field(t("settings.retention.days"), input), h("button", { class: "button" }, t("settings.save")));
    if (retention.source === "board") form.append(button(t("settings.back", { value: number(retention.start_value) }), () => save(null)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void save(input.valueAsNumber);
    });
    const now = retention.value === 0 ? t("settings.retention.all") : plural("settings.retention.now", retention.value);
    return h("div", { class: "setting-stack" }, h("p", {}, now, " · ", ...source(retention)), form);
  }

  async change(body, said, done) {
    let changed = null;
    const accepted = await said.try(async () => (changed = await send("PATCH", "/v1/settings", body)), { 422: t("settings.invalid") });
    if (!accepted) return;
    this.show(changed);
    said.say(done);
  }
}

function numberInput(id, value, max) {
  return h("input", { type: "number", id, class: "number", min: "0", max, step: "1", required: "", inputmode: "numeric", value });
}

/* People in danger are never kept waiting: no budget. */
function safetyRow() {
  return h("tr", { "data-queue": "safety" }, h("th", { scope: "row" }, word("settings.queue", "safety")), h("td", {}, t("settings.budget.none")), h("td", {}, t("settings.budget.safety")), h("td", {}));
}

function source({ source: from, changed_by: by, changed_at: at }) {
  const words = h("span", { class: "source", "data-source": from }, t(`settings.source.${from}`));
  return by === null ? [words] : [words, h("small", {}, t("settings.source.by", { name: by, time: clock(at) }))];
}

function startedRow({ name, value, source: from }) {
  const shown = typeof value === "number" ? number(value) : typeof value === "boolean" ? t(`settings.${value}`) : value.join(", ") || t("settings.empty");
  return h("tr", {}, h("th", { scope: "row", class: "mono" }, `EVENKEEL_${name}`), h("td", {}, shown), h("td", {}, t(`settings.source.${from}`)));
}
