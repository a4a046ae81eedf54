/* Who has the conversation, and what the reader may do about it -> the card of the hand-off.
 *
 * The service decides: one owner at a time. Of two who click at once one is told who was quicker. A claim
 * that is not accepted in time lapses without an event, so the card asks again when its time is over. */

import { ApiError, read, send } from "./api.js";
import { button, countdown, redraw, sayFailure } from "./controls.js";
import { h, isFocusFree, setText } from "./dom.js";
import { Fetched } from "./fetched.js";
import { stepWords } from "./flow_marks.js";
import { askNote } from "./handoff_dialog.js";
import { ACTIONS, next, possible, standingAt } from "./handoff_rules.js";
import { may, me } from "./me.js";
import { packetDialog } from "./packet.js";
import { clock, language, plural, t, word } from "./strings.js";

const ASK_AGAIN_S = 5;
const ASKED_FIRST = ["return", "resolve"];

export class HandoffCard {
  /** @param {string} id of the conversation @param {object} desk see conversation.js */
  constructor(id, desk) {
    this.id = id;
    this.desk = desk;
    this.path = `/v1/conversations/${encodeURIComponent(id)}/handoff`;
    this.standing = null;
    this.log = [];
    this.busy = false;
    this.askedAt = 0;
    this.heading = h("h3", { id: "handoff-heading", tabindex: "-1" }, t("handoff.heading"));
    this.left = h("p", { class: "handoff-left" });
    this.refusal = h("p", { class: "refusal", hidden: "" });
    this.body = h("div", { class: "handoff-body" });
    this.element = h("section", { class: "card handoff", "aria-labelledby": "handoff-heading" }, this.heading, this.body);
    this.fetched = new Fetched(() => read(`${this.path}?language=${language()}`), (detail) => this.take(detail), (failure) => desk.fail(failure));
  }

  /** What the conversation's own answer tells; more is asked for when it has changed. */
  show(standing) {
    const isSame = this.standing && ["status", "owner", "deadline"].every((key) => this.standing[key] === standing[key]);
    if (!isSame) this.fetched.ask();
  }

  take(detail) {
    this.standing = detail;
    this.log = detail.log;
    this.desk.handoff(detail);
    this.draw();
  }

  /** Somebody did something, perhaps the reader. */
  event({ type, data }) {
    if (type !== "handoff.changed") return;
    this.fetched.ask();
    if (data.by && data.by !== me()?.name && data.action) this.desk.announce(stepWords(data));
  }

  draw() {
    const now = Date.now() / 1000;
    const held = standingAt(this.standing, now);
    const drawn = JSON.stringify([held.status, held.owner, held.by, this.log, me()]);
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      redraw(this.body, this.content(held), this.heading);
    }
    this.tick(now);
  }

  content(held) {
    const mine = held.owner !== null && held.owner === me()?.name;
    const who = h("p", { class: "handoff-who" }, h("span", { class: "standing", "data-status": held.status }, word("handoff.status", held.status)), " ", whoHasIt(held, mine));
    const packet = button(t("packet.open"), () => packetDialog(this.id, this.desk, this.heading), { class: "quiet small", "data-focus": "packet" });
    return [who, this.left, this.refusal, h("div", { class: "actions", role: "group", "aria-label": t("handoff.actions") }, ...this.buttons(held)), packet, log(this.log)].filter(Boolean);
  }

  buttons(held) {
    const usual = next(held);
    const offered = possible(held, me()?.name ?? "", may("supervisor"));
    return ACTIONS.filter((action) => offered.includes(action)).map((action) => {
      const label = ASKED_FIRST.includes(action) ? `${t(`handoff.do.${action}`)}…` : t(`handoff.do.${action}`);
      return button(label, () => this.want(action), { class: action === usual ? "" : "quiet", "data-action": action, "data-focus": `do-${action}`, title: t(`handoff.hint.${action}`) });
    });
  }

  want(action) {
    if (!ASKED_FIRST.includes(action)) return void this.act(action);
    askNote(action, this.element, (said) => this.act(action, said), () => this.focus());
  }

  /** Do it; null when it was done, else what to tell the reader. */
  async act(action, more = {}) {
    if (this.busy) return t("handoff.busy");
    const refused = await this.send(action, more).catch((failure) => this.refused(failure));
    setText(this.refusal, refused ?? "");
    this.refusal.hidden = refused === null;
    this.desk.announce(refused ?? t(doneKey(action)));
    if (!this.element.querySelector("dialog[open]") && isFocusFree(this.element)) this.focus();
    return refused;
  }

  async send(action, more) {
    this.busy = true;
    // Free again as soon as it is answered: the next step may be clicked while the card is being brought up to date.
    await send("POST", this.path, { action, by: me().name, ...more }).finally(() => (this.busy = false));
    await this.fetched.ask();
    return null;
  }

  async refused(failure) {
    if (!(failure instanceof ApiError)) throw failure;
    if (failure.status === 401) this.desk.fail(failure);
    if (failure.status !== 409) return sayFailure(failure);
    await this.fetched.ask();
    const { status, owner } = this.standing;
    return owner === null || owner === me()?.name ? t("handoff.moved") : t("handoff.taken", { owner, status: word("handoff.status", status) });
  }

  /* The usual next step; where there is none, the heading. */
  focus() {
    (this.body.querySelector(".actions .button:not(.quiet)") ?? this.heading).focus({ preventScroll: true });
  }

  tick(now) {
    if (!this.standing) return;
    const { deadline } = this.standing;
    const left = deadline === null ? null : deadline - now;
    setText(this.left, left === null || left <= 0 ? "" : t(leftKey(this.standing), { time: countdown(left) }));
    if (left === null || left > 0 || now - this.askedAt < ASK_AGAIN_S) return;
    this.askedAt = now;
    this.draw();
    this.fetched.ask();
  }

  close() {
    this.fetched.stop();
  }
}

function whoHasIt({ status, owner, by }, mine) {
  if (owner !== null) return mine ? t("handoff.who.me") : t("handoff.who.somebody", { owner });
  return by !== null && by !== undefined && status !== "open" ? t(`handoff.by.${status}`, { by }) : t("handoff.who.nobody");
}

/* What a claim waits for; an agent's own waits for nothing that this agent may do. */
function leftKey({ status, owner }) {
  if (owner !== me()?.name) return `handoff.left.other.${status}`;
  return may("supervisor") ? `handoff.left.own.${status}` : "handoff.left.agent";
}

function doneKey(action) {
  return action === "claim" && !may("supervisor") ? "handoff.done.claim.agent" : `handoff.done.${action}`;
}

function log(steps) {
  if (!steps.length) return null;
  const lines = steps.map((step) => {
    const outcome = step.outcome ? h("span", { class: "outcome" }, ` · ${word("outcome", step.outcome)}`) : null;
    return h("li", {}, h("time", { datetime: new Date(step.at * 1000).toISOString() }, clock(step.at)), h("p", {}, stepWords(step), outcome), step.note ? h("p", { class: "note" }, step.note) : null);
  });
  return h("details", { class: "more", "data-focus": "log" }, h("summary", { "data-focus": "log" }, plural("handoff.log", steps.length)), h("ol", { class: "log" }, ...lines));
}
