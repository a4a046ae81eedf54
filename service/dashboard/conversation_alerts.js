/* The alerts of a conversation -> the card of the one that is live, and what became of earlier ones.
 *
 * They are read here, for the ended ones too; what the reader asks for goes through the frame's AlertWatch, which
 * shows it at once wherever the alert is seen. */

import { alertsOf } from "./alert_calls.js";
import { AlertCard } from "./alert_card.js";
import { askFor } from "./alert_change.js";
import { endOf } from "./alert_state.js";
import { redraw } from "./controls.js";
import { h } from "./dom.js";
import { Fetched } from "./fetched.js";
import { clock, plural, t, word } from "./strings.js";

export class AlertSection {
  /**
   * @param {string} id of the conversation @param {object} desk see conversation.js
   * @param {import("./alert_watch.js").AlertWatch} watch
   */
  constructor(id, desk, watch) {
    this.desk = desk;
    this.watch = watch;
    this.alerts = [];
    this.card = null;
    this.heading = h("h3", { id: "alert-heading", tabindex: "-1" }, t("alertsection.heading"));
    this.live = h("div", { class: "alert-live" });
    this.past = h("div", { class: "alert-past" });
    this.element = h("section", { class: "card alert-section", "aria-labelledby": "alert-heading", hidden: "" }, this.heading, this.live, this.past);
    this.fetched = new Fetched(() => alertsOf(id), ({ alerts }) => this.take(alerts), (failure) => desk.fail(failure));
    this.fetched.ask();
    this.leave = watch.follow(() => this.show());
  }

  event({ type }) {
    if (type.startsWith("alert.")) this.fetched.ask();
  }

  take(alerts) {
    this.alerts = alerts;
    this.desk.alerts(alerts);
    this.element.hidden = !alerts.length;
    this.show();
  }

  show() {
    const alerts = this.alerts.map((alert) => this.watch.asAsked(alert));
    this.showLive(alerts.find((alert) => alert.ended_at === null || alert.pending));
    this.showPast(alerts.filter((alert) => alert.ended_at !== null && !alert.pending));
  }

  /* Another alert has a card of its own; who worked in the old one goes on at the heading. */
  showLive(alert) {
    const id = alert?.alert_id ?? null;
    if (id !== (this.card?.element.dataset.alert ?? null)) {
      this.card = alert ? new AlertCard(id, (shown, change) => this.change(shown, change), { isListed: false }) : null;
      redraw(this.live, this.card ? [this.card.element] : [], this.heading);
    }
    if (alert) this.card.update(alert, Date.now() / 1000);
  }

  showPast(alerts) {
    const drawn = JSON.stringify(alerts);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    redraw(this.past, alerts.length ? [past(alerts)] : [], this.heading);
  }

  async change(alert, change) {
    const { said, isDone, after, failure } = await askFor(this.watch, alert, change);
    if (failure) this.desk.fail(failure);
    else this.desk.announce(said);
    if (this.fetched.stopped) return; // another conversation was opened meanwhile
    if (after) this.take(this.alerts.map((known) => (known.alert_id === after.alert_id ? after : known)));
    if (!isDone) this.card?.say(said);
    await this.fetched.ask();
  }

  tick(now) {
    this.card?.tick(now);
  }

  close() {
    this.fetched.stop();
    this.leave();
  }
}

function past(alerts) {
  const lines = alerts.map((alert) => h("li", {}, `${clock(alert.opened_at)} · ${word("action", alert.action)} · ${t(`alerts.ended.${endOf(alert)}`)}`));
  return h("details", { class: "more", "data-focus": "past" }, h("summary", { "data-focus": "past" }, plural("alertsection.past", alerts.length)), h("ul", { class: "past" }, ...lines));
}
