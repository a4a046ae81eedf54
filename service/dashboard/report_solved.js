/* "What solved it": notes on resolved conversations, found by words, newest first without any. */

import { addressOf } from "./address.js";
import { read } from "./api.js";
import { h } from "./dom.js";
import { clock, plural, t, word } from "./strings.js";

const SHOWN = 20;

export class Solved {
  /** @param {(failure: Error) => void} fail */
  constructor(fail) {
    this.fail = fail;
    this.asked = 0;
    this.filters = {};
    this.field = h("input", { type: "search", id: "solved-text", maxlength: "200", autocomplete: "off" });
    this.found = h("p", { class: "hint", role: "status" });
    this.list = h("ol", { class: "solved-list" });
    const form = h("form", { class: "solved-form", role: "search" }, h("label", { for: "solved-text" }, t("reports.solved.search")), this.field, h("button", { class: "button quiet", type: "submit" }, t("reports.solved.find")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.show(this.filters);
    });
    this.element = h("section", { class: "card report-card wide", "aria-labelledby": "card-solved" }, h("div", { class: "card-head" }, h("h3", { id: "card-solved" }, t("reports.solved"))), h("p", { class: "hint" }, t("reports.solved.about")), form, this.found, this.list);
  }

  /** Ask with the words in the field. @param {{language?: string, queue?: string}} filters the page's */
  async show(filters) {
    this.filters = filters;
    const asked = (this.asked += 1);
    const parameters = Object.entries({ ...filters, query: this.field.value.trim(), limit: SHOWN });
    try {
      const answer = await read(`/v1/resolutions?${new URLSearchParams(parameters.filter(([, value]) => value !== ""))}`);
      if (asked === this.asked) this.fill(answer.resolutions);
    } catch (failure) {
      if (failure.status !== 422) return this.fail(failure);
      this.found.textContent = t("reports.solved.words"); // nothing but punctuation, or too many words
      this.list.replaceChildren();
    }
  }

  fill(resolutions) {
    this.found.textContent = resolutions.length ? plural("reports.solved.found", resolutions.length) : t("reports.solved.none");
    this.list.replaceChildren(...resolutions.map(item));
  }
}

function item(found) {
  const facts = [
    found.outcome ? t(`reports.outcome.${found.outcome}`) : null,
    found.came_back ? t("reports.solved.back") : null,
    found.language ? word("language", found.language) : null,
    found.queue,
    clock(found.at),
    found.by,
  ];
  return h(
    "li",
    {},
    h("p", { class: found.note ? "solved-note" : "solved-note hint" }, found.note ?? t("reports.solved.silent")),
    h("p", { class: "solved-facts" }, h("a", { href: addressOf(found.conversation_id) }, found.conversation_id), ...facts.filter(Boolean).map((fact) => h("span", {}, fact))),
    found.rules.length ? h("p", { class: "solved-rules" }, ...found.rules.map((rule) => h("span", { class: "rule" }, rule))) : null,
  );
}
