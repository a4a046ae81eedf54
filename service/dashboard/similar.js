/* Conversations like this one that were resolved -> a card with what solved them. */

import { addressOf } from "./address.js";
import { read } from "./api.js";
import { h } from "./dom.js";
import { Fetched } from "./fetched.js";
import { clock, t, word } from "./strings.js";
import { speech } from "./turn.js";

const SHOWN = 3;

export class SimilarCard {
  /** @param {string} id of the conversation @param {object} desk see conversation.js */
  constructor(id, desk) {
    this.list = h("ul", { class: "similar" });
    this.element = h("section", { class: "card", hidden: "" }, h("h3", {}, t("similar.heading")), this.list);
    const path = `/v1/conversations/${encodeURIComponent(id)}/similar?limit=${SHOWN}`;
    this.fetched = new Fetched(() => read(path), ({ similar }) => this.take(similar), (failure) => desk.fail(failure));
  }

  /** What it is like is told by its rules: another one, and another conversation may have solved the same. */
  show({ advice }) {
    const rules = JSON.stringify((advice?.reasons ?? []).map(({ rule }) => rule));
    if (rules === this.rules) return;
    this.rules = rules;
    this.fetched.ask();
  }

  take(similar) {
    this.element.hidden = !similar.length;
    this.list.replaceChildren(...similar.map(item));
  }

  close() {
    this.fetched.stop();
  }
}

function item({ conversation_id: id, at, by, note, outcome, language, came_back: cameBack, in_common: shared }) {
  const facts = [by, clock(at), outcome && word("outcome", outcome), cameBack && t("similar.came_back")].filter(Boolean).join(" · ");
  const common = [...shared.rules, ...shared.threat_kinds.map((kind) => word("kind", kind)), ...shared.words];
  return h(
    "li",
    {},
    h("p", { class: note ? "note" : "note none" }, note ?? t("similar.no_note")),
    h("small", {}, h("a", { href: addressOf(id) }, id), ` · ${facts}`),
    common.length ? h("small", { lang: speech(language) }, `${t("similar.common")} `, ...common.map((what) => h("span", { class: "rule" }, what))) : null,
  );
}
