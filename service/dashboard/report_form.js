/* The fields above the report: span, split, time zone, language, queue. Tells one `Question` whenever one changes. */

import { h } from "./dom.js";
import { BYS, SPANS, spanStart, todayIn } from "./report_question.js";
import { LANGUAGE_NAMES, t, word } from "./strings.js";

export class ReportForm {
  /** @param {(question: object) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.fields = {
      by: select(BYS.map((by) => [by, t(`reports.by.${by}`)])),
      since: h("input", { type: "date", required: "" }),
      to: h("input", { type: "date", required: "" }),
      tz: select(zones().map((zone) => [zone, zone.replaceAll("_", " ")])),
      language: select([["", t("filter.any.language")], ...Object.keys(LANGUAGE_NAMES).map((code) => [code, word("language", code)])]),
      queue: select([["", t("filter.any.queue")]]),
    };
    this.spans = Object.keys(SPANS).map((name) => this.spanButton(name));
    const labelled = Object.entries(this.fields).map(([name, field]) => h("label", { class: "field" }, h("span", {}, t(`reports.${name}`)), field));
    this.element = h("form", { class: "report-form", "aria-label": t("reports.options") }, h("div", { class: "spans", role: "group", "aria-label": t("reports.span") }, ...this.spans), ...labelled);
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("change", () => this.element.reportValidity() && onChange(this.value));
  }

  spanButton(name) {
    const button = h("button", { class: "button quiet small", type: "button", "data-span": name }, t(`reports.span.${name}`));
    button.addEventListener("click", () => {
      const [by, days] = SPANS[name];
      const to = todayIn(this.fields.tz.value, new Date());
      this.value = { ...this.value, by, to, since: spanStart(by, to, days) };
      this.onChange(this.value);
    });
    return button;
  }

  get value() {
    return Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, field.value]));
  }

  set value(question) {
    for (const [name, field] of Object.entries(this.fields)) {
      if (field.tagName === "SELECT" && ![...field.options].some((option) => option.value === question[name])) field.append(h("option", { value: question[name] }, question[name]));
      field.value = question[name];
    }
  }

  /** Queues to choose from; the chosen one stays. @param {string[]} names */
  offerQueues(names) {
    const { queue } = this.fields;
    const chosen = queue.value;
    const all = [...new Set([...names, chosen].filter(Boolean))].sort();
    queue.replaceChildren(h("option", { value: "" }, t("filter.any.queue")), ...all.map((name) => h("option", { value: name }, name)));
    queue.value = chosen;
  }
}

function select(options) {
  return h("select", {}, ...options.map(([value, words]) => h("option", { value }, words)));
}

function zones() {
  return [...new Set([Intl.DateTimeFormat().resolvedOptions().timeZone, "UTC", ...Intl.supportedValuesOf("timeZone")])];
}
