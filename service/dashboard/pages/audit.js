/* The page `#/audit`: who changed what, newest first, by person or by action; more on demand. */

import { read } from "../api.js";
import { h } from "../dom.js";
import { tag, t, word } from "../strings.js";
import { strings } from "../words/en/audit.js";
import { detailsOf, subjectOf } from "./audit_details.js";
import { field, table } from "./settings_parts.js";

const PAGE_SIZE = 50;
const SAID = "audit.action.";

/** Every action that there are words for, in the order of the filter. */
export const ACTIONS = Object.keys(strings)
  .filter((key) => key.startsWith(SAID))
  .map((key) => key.slice(SAID.length));

export class Page {
  /** @param {HTMLElement} place @param {object} board */
  constructor(place, board) {
    this.board = board;
    this.cursor = null;
    this.asked = 0;
    this.body = h("tbody", {});
    this.count = h("p", { class: "said", role: "status" });
    this.more = h("button", { class: "button quiet", type: "button", hidden: "" }, t("audit.more"));
    this.more.addEventListener("click", () => void this.show(false).catch((failure) => board.fail(failure)));
    const headers = ["at", "actor", "action", "subject", "detail"].map((column) => t(`audit.${column}`));
    place.replaceChildren(
      h("h2", { tabindex: "-1" }, t("audit.heading")),
      h("p", { class: "hint" }, t("audit.hint")),
      this.filters(),
      h("div", { class: "card" }, table(t("audit.caption"), headers, this.body), this.count, this.more),
    );
  }

  async open() {
    await this.show(true);
  }

  filters() {
    this.action = h("select", { id: "audit-filter-action" }, h("option", { value: "" }, t("audit.any")), ...ACTIONS.map((action) => h("option", { value: action }, said(action))));
    this.actor = h("input", { type: "search", id: "audit-filter-actor", maxlength: "64", autocomplete: "off", spellcheck: "false" });
    const form = h("form", { class: "fields", role: "search" }, field(t("audit.action"), this.action), field(t("audit.actor"), this.actor), h("button", { class: "button quiet" }, t("audit.filter")));
    const ask = () => void this.show(true).catch((failure) => this.board.fail(failure));
    form.addEventListener("submit", (event) => (event.preventDefault(), ask()));
    this.action.addEventListener("change", ask);
    return form;
  }

  /* An answer that comes after a later question is dropped. */
  async show(anew) {
    const question = (this.asked += 1);
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (this.action.value) query.set("action", this.action.value);
    if (this.actor.value.trim()) query.set("actor", this.actor.value.trim());
    if (!anew && this.cursor !== null) query.set("cursor", this.cursor);
    const { entries, next_cursor: cursor } = await read(`/v1/audit?${query}`);
    if (question !== this.asked) return;
    this.cursor = cursor;
    if (anew) this.body.replaceChildren();
    this.body.append(...entries.map(row));
    this.more.hidden = cursor === null;
    this.count.textContent = this.body.childElementCount ? "" : t("audit.none");
  }
}

function row(entry) {
  const { at, actor, action } = entry;
  const time = h("time", { datetime: new Date(at * 1000).toISOString() }, moment(at));
  return h(
    "tr",
    { "data-action": action },
    h("td", { class: "when" }, time),
    h("th", { scope: "row" }, actor),
    h("td", {}, said(action), h("small", { class: "mono" }, action)),
    h("td", { class: "subject" }, subjectOf(entry)),
    h("td", {}, details(entry)),
  );
}

function said(action) {
  return word("audit.action", action);
}

function details(entry) {
  const told = detailsOf(entry, moment);
  return told.length ? h("ul", { class: "details" }, ...told.map(([name, value]) => h("li", {}, h("span", { class: "detail-name" }, `${name}:`), " ", value))) : null;
}

/* To the second, with the year: an audit trail is read long afterwards. */
function moment(seconds) {
  return new Intl.DateTimeFormat(tag(), { dateStyle: "medium", timeStyle: "medium" }).format(new Date(seconds * 1000));
}
