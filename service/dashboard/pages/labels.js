/* The queue of turns that are worth a label, one at a time or as a list, and what the labels say of the model.
 *
 *     #/labels        one at a time; its keys work while the focus is in the page, and in no field
 *     #/labels/list   everything that was fetched, to choose from
 *
 * Who saves a card has looked at all of it: every label that is shown is kept. */

import { read, send } from "../api.js";
import { h, setAttribute, setText } from "../dom.js";
import { labelsPath } from "../label_editor.js";
import { labelsOf } from "../label_rules.js";
import { me } from "../me.js";
import { number, plural, t, word } from "../strings.js";
import { LabelCard } from "./label_card.js";
import { Waiting } from "./label_queue.js";
import { reasonLine } from "./label_reasons.js";
import { summaryTables } from "./label_summary.js";

const LANGUAGES = ["vi", "tl", "cs", "en"];
const REASONS = ["disagreeing", "uncertain", "drifting"];

export class Page {
  constructor(place, board) {
    this.board = board;
    this.waiting = new Waiting();
    this.done = [];
    this.view = "single";
    this.card = new LabelCard({ save: (labels) => this.save(labels), skip: () => this.skip(), undo: () => this.undo() });
    this.progress = h("p", { class: "labels-progress", role: "status" });
    this.tabs = [this.tab("single", "#/labels"), this.tab("list", "#/labels/list")];
    this.language = this.choice("labels.language", [["", t("labels.any.language")], ...LANGUAGES.map((code) => [code, word("language", code)])]);
    this.reason = this.choice("labels.reason", [["", t("labels.any.reason")], ...REASONS.map((kind) => [kind, t(`labels.kind.${kind}`)])]);
    this.problem = h("p", { class: "labels-problem", role: "alert" });
    this.main = h("div", { class: "labels-main" });
    this.summary = h("section", { class: "labels-summary", "aria-labelledby": "labels-summary-heading" });
    place.append(this.head(), this.problem, this.main, this.summary);
    place.addEventListener("keydown", (event) => this.onKey(event));
  }

  head() {
    const heading = h("h2", { tabindex: "-1" }, t("labels.heading"));
    const views = h("nav", { class: "labels-views", "aria-label": t("labels.views") }, ...this.tabs);
    return h("header", { class: "labels-head" }, heading, this.progress, h("div", { class: "labels-choices" }, this.language.element, this.reason.element, views));
  }

  tab(view, href) {
    return h("a", { href, "data-view": view }, t(`labels.view.${view}`));
  }

  choice(key, options) {
    const id = key.replace(".", "-");
    const select = h("select", { id }, ...options.map(([value, words]) => h("option", { value }, words)));
    select.addEventListener("change", () => this.reload());
    return { select, element: h("div", { class: "field" }, h("label", { for: id }, t(key)), select) };
  }

  async open([view]) {
    this.view = view === "list" ? "list" : "single";
    for (const tab of this.tabs) setAttribute(tab, "aria-current", tab.dataset.view === this.view ? "page" : null);
    await Promise.all([this.waiting.isFetched ? this.draw(false) : this.reload(), this.count()]);
  }

  /** What waits is asked for anew next time: others label meanwhile. */
  close() {
    this.waiting.forget(this.waiting.filter);
  }

  onKey(event) {
    if (this.card.element.isConnected && !event.target.closest("select, input, textarea")) this.card.onKey(event);
  }

  /** Another person's label: the turn need not wait for this one. */
  event(event) {
    if (event.type !== "label.corrected") return;
    if (event.data.by !== me()?.name) this.waiting.drop(event.conversationId, event.data.turn_id);
    this.count().catch((failure) => this.board.fail(failure));
  }

  async reload() {
    await this.waiting.ask(this.language.select.value, this.reason.select.value);
    await this.draw(false);
  }

  async draw(withFocus) {
    await this.waiting.fill();
    this.sayProgress();
    if (this.view === "list") return this.main.replaceChildren(this.list());
    const { current } = this.waiting;
    if (!current) return this.main.replaceChildren(this.nothing());
    if (this.card.turn !== current) this.card.show(current, this.done.length > 0);
    if (!this.card.element.isConnected) this.main.replaceChildren(this.card.element);
    if (withFocus) this.card.focus();
  }

  nothing() {
    const undo = h("button", { class: "button quiet", type: "button" }, t("labels.undo"));
    undo.addEventListener("click", () => this.undo());
    const again = h("button", { class: "button quiet", type: "button" }, t("labels.again"));
    again.addEventListener("click", () => this.reload().catch((failure) => this.board.fail(failure)));
    return h("div", { class: "notice" }, h("h3", { tabindex: "-1" }, t("labels.none")), h("p", {}, t("labels.none.hint")), again, this.done.length ? undo : null);
  }

  sayProgress() {
    const left = this.waiting.left;
    setText(this.progress, [plural("labels.done", this.done.length), plural("labels.waiting", left)].join(" · "));
  }

  /* --- what a person does ------------------------------------------------------------------------------------- */

  save(labels) {
    return this.doing(async () => {
      const turn = this.waiting.current;
      await send("PUT", labelsPath(turn.conversation_id, turn.turn_id), { by: me()?.name, ...labelsOf(labels) });
      this.done.push({ turn, labels });
      this.waiting.next();
      this.board.announce(t("label.saved"));
    });
  }

  skip() {
    return this.doing(async () => this.waiting.next());
  }

  undo() {
    return this.doing(async () => {
      const last = this.done.pop();
      if (!last) return;
      await send("DELETE", `${labelsPath(last.turn.conversation_id, last.turn.turn_id)}?by=${encodeURIComponent(me()?.name ?? "")}`);
      this.waiting.back(last.turn);
      this.board.announce(t("label.undone"));
    });
  }

  /* One thing at a time: a key that is held must not save the next card unseen. */
  async doing(work) {
    if (this.isBusy) return;
    this.isBusy = true;
    setText(this.problem, "");
    try {
      await work();
      await this.draw(true);
    } catch (failure) {
      if (failure.status === 401 || failure.status === undefined) return this.board.fail(failure);
      setText(this.problem, failure.status ? t("label.failed", { detail: failure.detail }) : t("error.network"));
    } finally {
      this.isBusy = false;
    }
  }

  /* --- the list and the summary --------------------------------------------------------------------------------- */

  list() {
    const rows = this.waiting.turns.map((turn) => this.row(turn));
    return rows.length ? h("ol", { class: "labels-list", "aria-label": t("labels.heading") }, ...rows) : this.nothing();
  }

  row(turn) {
    const link = h("a", { href: "#/labels", lang: turn.language }, turn.text);
    link.addEventListener("click", () => this.waiting.choose(turn));
    const facts = [turn.language && word("language", turn.language), turn.queue].filter(Boolean).join(" · ");
    return h("li", {}, link, h("p", { class: "labels-why" }, reasonLine(turn.reasons[0])), h("p", { class: "labels-facts" }, facts));
  }

  async count() {
    const found = await read("/v1/labels/summary");
    const heading = h("h3", { id: "labels-summary-heading" }, t("labels.summary", { days: number(found.days) }));
    this.summary.replaceChildren(heading, ...summaryTables(found));
  }
}
