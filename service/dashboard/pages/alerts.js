/* The page of alerts: `#/alerts` what asks for somebody now, `#/alerts/ended` what became of the others.
 *
 * The live ones come from the frame's AlertWatch, so they are right before the page is opened and while it is not.
 * Cards are keyed by alert: one that moves keeps its element, and with it the focus and an open panel. */

import { alertSummary, listAlerts } from "../alert_calls.js";
import { AlertCard } from "../alert_card.js";
import { askFor } from "../alert_change.js";
import { countByStatus, LIVE, matching } from "../alert_state.js";
import { ApiError } from "../api.js";
import { QUEUES } from "../bell/rules.js";
import { h, setAttribute, setText } from "../dom.js";
import { Fetched } from "../fetched.js";
import { number, t, word } from "../strings.js";
import { budgets, record } from "./alert_record.js";

const PAGE_SIZE = 30;
const RECORD_DAYS = 7;
const RECORD_EVERY_S = 30;

export class Page {
  /** @param {HTMLElement} place @param {{fail: Function, announce: Function, alerts: import("../alert_watch.js").AlertWatch}} board */
  constructor(place, board) {
    this.board = board;
    this.watch = board.alerts;
    this.filter = { queue: "", status: "" };
    this.cards = new Map();
    this.ended = null; // as the service answered last
    this.wanted = PAGE_SIZE; // of those that ended
    this.fetched = new Fetched(() => this.readEnded(), (found) => this.takeEnded(found), (failure) => (this.ended ? this.lateFailure(failure) : board.fail(failure)));
    this.summaryAt = 0;
    this.build(place);
  }

  build(place) {
    this.tabs = new Map(["", "ended"].map((part) => [part, h("a", { href: part ? `#/alerts/${part}` : "#/alerts" }, t(`alerts.tab.${part || "now"}`))]));
    const tabs = h("nav", { class: "alerts-tabs", "aria-label": t("alerts.tabs") }, ...this.tabs.values());
    this.list = h("ol", { class: "alerts-list", "aria-label": t("alerts.list") });
    this.notice = h("div", { class: "alerts-none" });
    this.more = h("button", { class: "button quiet", type: "button", hidden: "" }, t("alerts.more"));
    this.more.addEventListener("click", () => {
      this.wanted += PAGE_SIZE;
      this.fetched.ask();
    });
    this.budgets = h("section", { class: "alerts-budgets", "aria-labelledby": "alerts-budgets" });
    this.record = h("section", { class: "alerts-record", "aria-labelledby": "alerts-record" });
    const head = h("div", { class: "alerts-head" }, h("h2", { tabindex: "-1" }, t("alerts.heading")), tabs);
    const main = h("div", { class: "alerts-main" }, this.filters(), this.list, this.notice, this.more);
    place.append(head, h("div", { class: "alerts-body" }, main, this.budgets), this.record);
  }

  filters() {
    this.statuses = new Map(["", ...LIVE].map((status) => [status, this.statusButton(status)]));
    this.statusGroup = h("div", { class: "alerts-statuses", role: "group", "aria-label": t("alerts.filter.status") }, ...[...this.statuses.values()].map(({ button }) => button));
    const options = ["", ...QUEUES].map((queue) => h("option", { value: queue }, queue ? word("queue", queue) : t("filter.any.queue")));
    const queue = h("select", { "aria-label": t("alerts.filter.queue") }, ...options);
    queue.addEventListener("change", () => {
      this.filter = { ...this.filter, queue: queue.value };
      this.wanted = PAGE_SIZE;
      this.show();
      if (this.part === "ended") this.fetched.ask();
    });
    return h("div", { class: "alerts-filters" }, this.statusGroup, queue);
  }

  statusButton(status) {
    const count = h("b");
    const button = h("button", { class: "alerts-status", type: "button" }, t(`alerts.status.${status || "all"}`), " ", count);
    button.addEventListener("click", () => {
      this.filter = { ...this.filter, status };
      this.show();
    });
    return { button, count };
  }

  async open([part = ""]) {
    this.part = part === "ended" ? "ended" : "";
    this.wanted = PAGE_SIZE;
    for (const [name, link] of this.tabs) setAttribute(link, "aria-current", name === this.part ? "page" : null);
    this.leave ??= this.watch.follow(() => this.changed());
    this.clear();
    this.show();
    await Promise.all([this.readSummary(), this.part === "ended" ? this.fetched.ask() : null]);
  }

  close() {
    this.leave?.();
    this.leave = null;
    this.clear();
  }

  clear() {
    this.cards.clear();
    this.list.replaceChildren();
  }

  tick(now) {
    for (const card of this.cards.values()) card.tick(now);
    if (now - this.summaryAt > RECORD_EVERY_S) this.readSummary().catch((failure) => this.lateFailure(failure));
  }

  /* The list of the watch has changed: what ended may be new, and a slot of a budget taken. */
  changed() {
    if (this.part === "ended") this.fetched.ask();
    else this.show();
    this.summaryAt = Math.min(this.summaryAt, Date.now() / 1000 - RECORD_EVERY_S + 2);
  }

  /* What is shown stays: the frame says that the line is lost, and the next event or look asks again. */
  lateFailure(failure) {
    if (!(failure instanceof ApiError) || failure.status === 401) this.board.fail(failure);
  }

  async readSummary() {
    this.summaryAt = Date.now() / 1000;
    const summary = await alertSummary(RECORD_DAYS);
    this.budgets.replaceChildren(...budgets(summary.queues));
    this.record.replaceChildren(...record(summary));
  }

  /* As many as are wanted, from the latest on: news neither hides older ones again nor leaves a gap. */
  async readEnded() {
    const { queue } = this.filter;
    const alerts = [];
    let cursor = null;
    do {
      const answer = await listAlerts({ status: "ended", queue, limit: PAGE_SIZE, cursor });
      alerts.push(...answer.alerts);
      cursor = answer.next_cursor;
    } while (cursor && alerts.length < this.wanted);
    return { queue, alerts, cursor };
  }

  takeEnded(found) {
    if (found.queue !== this.filter.queue) return; // another queue was chosen meanwhile
    this.ended = found;
    this.show();
  }

  /* --- what is shown ------------------------------------------------------------------------------------------ */

  show() {
    const isEnded = this.part === "ended";
    const counts = countByStatus(matching(this.watch.alerts, { queue: this.filter.queue, status: "" }));
    setAttribute(this.statusGroup, "hidden", isEnded ? "" : null);
    for (const [status, { button, count }] of this.statuses) {
      setAttribute(button, "aria-pressed", status === this.filter.status);
      setText(count, number(status ? counts[status] : LIVE.reduce((sum, one) => sum + counts[one], 0)));
    }
    setAttribute(this.more, "hidden", isEnded && this.ended?.cursor ? null : "");
    const alerts = isEnded ? (this.ended?.alerts ?? []) : matching(this.watch.alerts, this.filter);
    this.showCards(alerts);
    this.showNotice(alerts.length);
  }

  showCards(alerts) {
    const wanted = new Set(alerts.map((alert) => alert.alert_id));
    for (const [id, card] of this.cards) if (!wanted.has(id)) this.remove(id, card);
    const now = Date.now() / 1000;
    alerts.forEach((alert, place) => this.showCard(alert, place, now));
  }

  showCard(alert, place, now) {
    if (!this.cards.has(alert.alert_id)) this.cards.set(alert.alert_id, new AlertCard(alert.alert_id, (shown, change) => this.change(shown, change)));
    const { element } = this.cards.get(alert.alert_id);
    this.cards.get(alert.alert_id).update(alert, now);
    const there = this.list.children[place] ?? null;
    if (there === element) return;
    if (element.isConnected && "moveBefore" in this.list) this.list.moveBefore(element, there);
    else if (!element.contains(document.activeElement)) this.list.insertBefore(element, there);
  }

  /* Who worked in a card that goes away goes on in the next one. */
  remove(id, { element }) {
    const hadFocus = element.contains(document.activeElement);
    const neighbour = element.nextElementSibling ?? element.previousElementSibling;
    element.remove();
    this.cards.delete(id);
    if (hadFocus) (neighbour?.querySelector("a, button") ?? this.list.closest("[data-page]").querySelector("h2")).focus();
  }

  showNotice(shown) {
    const isLoading = this.part === "" && !this.watch.loaded;
    const kind = shown ? "" : isLoading ? "loading" : this.part || (this.filter.queue || this.filter.status ? "filtered" : "calm");
    if (this.notice.dataset.kind === kind) return;
    this.notice.dataset.kind = kind;
    this.notice.replaceChildren(...(kind ? [h("p", {}, t(`alerts.none.${kind}`))] : []));
  }

  /* --- what somebody does ------------------------------------------------------------------------------------- */

  async change(alert, change) {
    const { said, isDone, failure } = await askFor(this.watch, alert, change);
    if (failure) this.lateFailure(failure);
    else this.board.announce(said);
    if (!isDone && failure?.status !== 401) this.tellApart(alert.alert_id, said);
  }

  /* In its card, or above the list when it has gone. */
  tellApart(alertId, said) {
    const card = this.cards.get(alertId);
    if (card) return card.say(said);
    const close = h("button", { class: "button quiet", type: "button" }, t("alerts.said.close"));
    const line = h("p", { class: "alerts-said", role: "alert" }, said, " ", close);
    close.addEventListener("click", () => line.remove());
    this.list.before(line);
  }
}
