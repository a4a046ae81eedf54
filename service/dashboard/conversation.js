/* One conversation as the API tells it -> its head, messages and the cards beside them.
 *
 * Messages are keyed by turn: one that is there is never drawn again, so a reader's place and selection
 * survive every update. A card draws itself again only when what it says has changed, and keeps the focus.
 * Text reaches the page as text nodes only. */

import { adviceCard, phraseCard } from "./advice.js";
import { alertSummary } from "./alert_calls.js";
import { bandShape, trendArrow } from "./charts.js";
import { redraw } from "./controls.js";
import { AlertSection } from "./conversation_alerts.js";
import { h, setText } from "./dom.js";
import { DraftBox } from "./draft.js";
import { Fetched } from "./fetched.js";
import { forecastCard, RECORD_DAYS } from "./forecast.js";
import { HandoffCard } from "./handoff.js";
import { factCards } from "./panel.js";
import { SimilarCard } from "./similar.js";
import { duration, percent, t, word } from "./strings.js";
import { Thread } from "./thread.js";
import { Timeline } from "./timeline.js";

/**
 * What a card may ask of the conversation around it.
 * @typedef {object} Desk
 * @property {(sentence: string) => void} announce for who does not see it
 * @property {(failure: import("./api.js").ApiError) => void} fail
 * @property {HTMLElement} dialogs where a dialog stands while it is open
 * @property {(turnId: string) => void} showTurn
 * @property {(text: string) => void} tryText put it into the draft box
 * @property {(detail: object) => void} handoff the hand-off was read
 * @property {(alerts: object[]) => void} alerts they were read
 */

export class ConversationView {
  /**
   * @param {HTMLElement} place where the conversation is shown
   * @param {{announce: (sentence: string) => void, fail: (failure: Error) => void, alerts: import("./alert_watch.js").AlertWatch}} board
   */
  constructor(place, board) {
    this.place = place;
    this.board = board;
    this.id = null;
    this.cards = [];
  }

  /** Say something instead of a conversation: none chosen, loading, missing. */
  notice(title, hint = "") {
    this.leave();
    const heading = h("h2", {}, title);
    this.place.replaceChildren(h("div", { class: "talk" }, backLink(), h("div", { class: "notice" }, heading, hint ? h("p", {}, hint) : null)));
  }

  /** Show a conversation, or bring the one that is shown up to date. @param {import("./state.js").Talk} talk @param {number} askedAt */
  show(talk, askedAt) {
    if (this.id !== talk.id) this.build(talk.id);
    this.talk = talk;
    this.writeHead(talk);
    this.thread.show(talk.messages, askedAt);
    this.handoff.show(talk.standing);
    this.similar.show(talk);
    this.draft.show(talk.language);
    this.drawCards();
  }

  /** Something happened in this conversation; its messages come by `show`. */
  event(event) {
    if (event.conversationId !== this.id) return;
    this.handoff.event(event);
    this.alertSection.event(event);
    if (event.data.change === "judged" || event.data.status === "closed") this.record.ask();
  }

  /** The line was lost: ask for everything that only events would have told. */
  refresh() {
    if (this.id === null) return;
    for (const part of [this.handoff, this.alertSection, this.similar]) part.fetched.ask();
    this.record.ask();
  }

  build(id) {
    this.leave();
    this.id = id;
    this.handoffs = [];
    this.alertList = [];
    this.trackRecord = null;
    this.drawn = {};
    const desk = (this.desk = this.makeDesk());
    this.heading = h("h2", { tabindex: "-1", id: "talk-heading" }, id);
    this.status = h("div", { class: "head-status" });
    this.facts = h("p", { class: "head-facts" });
    this.head = h("header", { class: "talk-head" }, backLink(), this.heading, this.status, this.facts);
    this.slots = Object.fromEntries(["advice", "phrases", "forecast", "facts"].map((name) => [name, h("div", { class: "slot", "data-slot": name })]));
    this.handoff = new HandoffCard(id, desk);
    this.alertSection = new AlertSection(id, desk, this.board.alerts);
    this.timeline = new Timeline(desk);
    this.similar = new SimilarCard(id, desk);
    this.draft = new DraftBox(id, desk);
    this.cards = [this.handoff, this.alertSection, this.similar, this.draft];
    this.panel = h("aside", { class: "panel", "aria-label": t("conversation.details") }, ...this.panelParts());
    this.thread = new Thread(id);
    this.body = h("div", { class: "talk-body" }, this.panel, this.thread.element, this.draft.element);
    this.thread.scrollsWith(this.body);
    this.record = new Fetched(() => alertSummary(RECORD_DAYS), (summary) => this.takeRecord(summary), desk.fail);
    this.record.ask();
    desk.dialogs.append(this.head, this.body);
    this.place.replaceChildren(desk.dialogs);
  }

  /* In the order in which they are needed: what to do, taking it over, what to say, then what it rests on. */
  panelParts() {
    const { slots, handoff, alertSection, timeline, similar } = this;
    return [slots.advice, handoff.element, alertSection.element, timeline.element, slots.phrases, slots.forecast, similar.element, slots.facts];
  }

  /** @returns {Desk} */
  makeDesk() {
    return {
      announce: this.board.announce,
      fail: (failure) => failure.status === 401 && this.board.fail(failure),
      dialogs: h("article", { class: "talk", "aria-labelledby": "talk-heading" }),
      showTurn: (turnId) => this.thread.showTurn(turnId),
      tryText: (text) => this.draft.insert(text),
      handoff: ({ log }) => {
        this.handoffs = log;
        this.thread.showSteps(log);
        this.drawCards();
      },
      alerts: (alerts) => {
        this.alertList = alerts;
        this.drawCards();
      },
    };
  }

  takeRecord({ track_record: trackRecord }) {
    this.trackRecord = trackRecord;
    this.drawCards();
  }

  drawCards() {
    const { talk, slots } = this;
    const { messages, waitingSince, updatedAt, standing, ...said } = talk;
    this.panel.dataset.band = talk.band;
    this.timeline.draw(talk.steps, this.handoffs, this.alertList);
    this.slot(slots.advice, [said.advice, said.answered], () => [adviceCard(talk)]);
    this.slot(slots.phrases, [said.advice?.phrases, said.language], () => [phraseCard(talk, this.desk)]);
    this.slot(slots.forecast, [said.forecast, said.level, said.steps.length, this.trackRecord], () => [forecastCard(talk, this.trackRecord)]);
    this.slot(slots.facts, said, () => factCards(talk));
  }

  slot(place, said, content) {
    const drawn = JSON.stringify(said);
    if (this.drawn[place.dataset.slot] === drawn) return;
    this.drawn[place.dataset.slot] = drawn;
    redraw(place, content().filter(Boolean), this.heading);
  }

  writeHead(talk) {
    this.head.dataset.band = talk.band;
    const badge = h("span", { class: "badge" }, bandShape(talk.band), `${word("band", talk.band)} ${percent(talk.level)}`);
    const trend = h("span", { class: "head-trend" }, trendArrow(talk.trend), word("trend", talk.trend), " · ", word("stage", talk.stage));
    this.status.replaceChildren(badge, trend);
    this.factWords = [talk.language && word("language", talk.language), talk.queue].filter(Boolean);
    this.tick(Date.now() / 1000);
  }

  /** Let the waiting time run on, and the deadlines. */
  tick(now) {
    if (this.id === null || !this.talk) return;
    const { waitingSince } = this.talk;
    const waiting = waitingSince === null ? [] : [t("waiting", { time: duration(now - waitingSince) })];
    setText(this.facts, [...this.factWords, ...waiting].join(" · "));
    this.handoff.tick(now);
    this.alertSection.tick(now);
  }

  leave() {
    for (const card of this.cards) card.close();
    this.record?.stop();
    this.cards = [];
    this.id = null;
    this.talk = null;
  }

  focus() {
    (this.id === null ? this.place : this.heading).focus({ preventScroll: true });
  }
}

function backLink() {
  return h("a", { class: "back", href: "#/" }, `‹ ${t("conversation.back")}`);
}
