/* One alert -> its card: what is asked of whom and why, what happens next by itself, and what the reader may do about it.
 *
 *     pages/alerts.js (a list of them), conversation_alerts.js (the one of the open conversation) */

import { addressOf } from "./address.js";
import { endOf, nextAt, nextOf, possibleWith } from "./alert_state.js";
import { bandShape } from "./charts.js";
import { button, redraw } from "./controls.js";
import { h, setAttribute, setText } from "./dom.js";
import { may } from "./me.js";
import { popover } from "./popover.js";
import { clock, duration, number, percent, plural, t, word } from "./strings.js";

const SNOOZES = [[5, "minute"], [15, "minute"], [1, "hour"]];
const SECONDS = { minute: 60, hour: 3600 };
const ACTIONS = ["acknowledge", "snooze", "dismiss"];
const REASONS_SHOWN = 1; // the gravest; the others are there for who asks

export class AlertCard {
  /**
   * @param {string} id
   * @param {(alert: object, change: object) => Promise<void>} change
   * @param {{isListed?: boolean}} [place] in a list it leads to its conversation; in the conversation it is there already
   */
  constructor(id, change, { isListed = true } = {}) {
    this.change = change;
    this.drawn = "";
    this.risk = h("p", { class: "alert-risk" });
    this.title = h(isListed ? "h3" : "h4");
    this.next = h("p", { class: "alert-next" });
    this.reasons = h("div", { class: "alert-reasons" });
    this.facts = h("p", { class: "alert-facts" });
    this.said = h("p", { class: "alert-said", role: "alert" });
    this.open = isListed ? h("a", { class: "alert-open" }) : null;
    this.actions = h("div", { class: "alert-actions" }, this.open, ...this.buttons());
    const main = h("div", { class: "alert-main" }, this.title, this.next, this.reasons, this.facts, this.said);
    this.element = h(isListed ? "li" : "div", { class: "alert", "data-alert": id }, this.risk, main, this.actions);
  }

  buttons() {
    this.acknowledge = button(t("alerts.acknowledge"), () => this.ask({ action: "acknowledge" }), { class: "" });
    this.snoozePanel = this.snoozes();
    this.snooze = opener("alerts.snooze", this.snoozePanel);
    this.dismissPanel = this.dismissals();
    this.dismiss = opener("alerts.dismiss", this.dismissPanel);
    return [this.acknowledge, this.snooze, this.snoozePanel, this.dismiss, this.dismissPanel];
  }

  snoozes() {
    const spans = SNOOZES.map(([n, unit]) => this.choice(number(n, { style: "unit", unit, unitDisplay: "long" }), { action: "snooze", for_s: n * SECONDS[unit] }));
    const time = h("input", { type: "time", required: "", "aria-label": t("alerts.snooze.until") });
    const form = h("form", { class: "alert-until" }, h("span", {}, t("alerts.snooze.until")), time, h("button", { class: "button quiet" }, t("alerts.snooze.do")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const until = nextAt(time.value, new Date());
      if (until) this.ask({ action: "snooze", until: until.toISOString() });
    });
    return h("div", { class: "alert-panel", role: "group", "aria-label": t("alerts.snooze.label") }, ...spans, form);
  }

  dismissals() {
    const choices = [
      this.choice(t("alerts.dismiss.false_alarm"), { action: "dismiss", justified: false }),
      this.choice(t("alerts.dismiss.justified"), { action: "dismiss", justified: true }),
      this.choice(t("alerts.dismiss.unjudged"), { action: "dismiss" }),
    ];
    return h("div", { class: "alert-panel", role: "group", "aria-label": t("alerts.dismiss.label") }, h("p", { class: "hint" }, t("alerts.dismiss.hint")), ...choices);
  }

  choice(text, change) {
    return button(text, () => this.ask(change));
  }

  /* The panel closes first, so that the focus is back in the card when it changes or goes. */
  ask(change) {
    if (this.alert.pending) return;
    for (const panel of [this.snoozePanel, this.dismissPanel]) if (panel.matches(":popover-open")) panel.hidePopover();
    this.say("");
    void this.change(this.alert, change);
  }

  /** Say something about this alert in its card. @param {string} sentence */
  say(sentence) {
    setText(this.said, sentence);
  }

  /** @param {import("./alert_state.js").Alert} alert @param {number} now */
  update(alert, now) {
    this.alert = alert;
    this.tick(now);
    const drawn = JSON.stringify([alert, may("supervisor")]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    for (const name of ["band", "status", "queue"]) setAttribute(this.element, `data-${name}`, alert[name]);
    setAttribute(this.element, "aria-busy", alert.pending ? "true" : null);
    const risk = h("b", {}, String(percent(alert.level)));
    this.risk.replaceChildren(h("span", { class: "alert-level" }, bandShape(alert.band), risk), h("span", { class: "alert-band" }, word("band", alert.band)));
    setAttribute(this.risk, "title", t("alerts.height", { risk: percent(alert.level) }));
    setText(this.title, `${word("action", alert.action)} ${word("target", alert.queue)}`);
    this.writeReasons(alert.reasons);
    this.writeActions(alert);
  }

  writeReasons(reasons) {
    const list = (some) => h("ul", {}, ...some.map(reason));
    const rest = reasons.slice(REASONS_SHOWN);
    const more = rest.length ? h("details", { class: "more", "data-focus": "reasons" }, h("summary", { "data-focus": "reasons" }, plural("alerts.reasons", rest.length)), list(rest)) : null;
    redraw(this.reasons, [list(reasons.slice(0, REASONS_SHOWN)), more].filter(Boolean), this.open ?? this.dismiss);
  }

  writeActions(alert) {
    const id = alert.conversation_id;
    if (this.open) this.writeLink(id);
    // What was asked to end may yet go on: its buttons, and the focus on them, stay until the service has answered.
    if (!alert.pending || alert.ended_at === null) this.offer(may("supervisor") ? possibleWith(alert) : []);
    for (const name of ACTIONS) {
      setAttribute(this[name], "aria-label", t(`alerts.${name}.of`, { id }));
      // Not `disabled`: that would take the focus away from who has just clicked.
      setAttribute(this[name], "aria-disabled", alert.pending ? "true" : null);
    }
  }

  writeLink(id) {
    setText(this.open, id);
    setAttribute(this.open, "href", addressOf(id));
    setAttribute(this.open, "aria-label", t("alerts.open", { id }));
  }

  offer(actions) {
    if (!actions.includes("acknowledge") && document.activeElement === this.acknowledge) (this.open ?? this.dismiss).focus();
    for (const name of ACTIONS) setAttribute(this[name], "hidden", actions.includes(name) ? null : "");
    setAttribute(this.actions, "hidden", this.open || actions.length ? null : "");
  }

  /** Let the times run on. @param {number} now */
  tick(now) {
    const { alert } = this;
    setText(this.next, alert.pending ? t("alerts.pending") : alert.ended_at === null ? happening(alert, now) : ending(alert));
    setText(this.facts, factsOf(alert, now).join(" · "));
  }
}

function happening(alert, now) {
  const { what, in_s: seconds } = nextOf(alert, now);
  const slots = { name: alert.acknowledged_by ?? "", since: alert.acknowledged_at === null ? "" : clock(alert.acknowledged_at) };
  const until = alert.snoozed_until === null ? "" : clock(alert.snoozed_until);
  return t(`alerts.next.${what}`, { ...slots, time: seconds === null ? "" : duration(seconds), until });
}

function ending(alert) {
  return t("alerts.ended.line", { end: t(`alerts.ended.${endOf(alert)}`), time: clock(alert.ended_at) });
}

function factsOf(alert, now) {
  const isLive = alert.ended_at === null;
  return [
    alert.status === "raised" ? t("alerts.fact.asks", { time: duration(now - alert.raised_at) }) : t("alerts.fact.opened", { time: clock(alert.opened_at) }),
    !isLive && alert.acknowledged_by !== null ? t("alerts.fact.by", { name: alert.acknowledged_by }) : null,
    alert.merged ? plural("alerts.fact.merged", alert.merged) : null,
    alert.climbs ? plural("alerts.fact.climbs", alert.climbs) : null,
    isLive && alert.queue === "safety" ? t("alerts.fact.safety") : null,
  ].filter(Boolean);
}

function reason({ rule, because }) {
  return h("li", {}, because ?? t("alerts.reason.gone"), " ", h("span", { class: "rule" }, rule));
}

function opener(key, panel) {
  const made = h("button", { class: "button quiet", type: "button" }, t(key));
  popover(made, panel);
  return made;
}
