/* One conversation as the API tells it -> its head, messages and panel.
 *
 * Messages are keyed by turn: one that is there is never drawn again, so a reader's place and
 * selection survive every update. Text reaches the page as text nodes only. */

import { bandShape, trendArrow } from "./charts.js";
import { h, setText, svg } from "./dom.js";
import { panel } from "./panel.js";
import { segments } from "./spans.js";
import { clock, duration, percent, t, word } from "./strings.js";

const NEAR_END_PX = 80;

export class ConversationView {
  /** @param {HTMLElement} place where the conversation is shown */
  constructor(place) {
    this.place = place;
    this.id = null;
  }

  /** Say something instead of a conversation: none chosen, loading, missing. */
  notice(title, hint = "") {
    this.id = null;
    const heading = h("h3", {}, title);
    this.place.replaceChildren(h("div", { class: "talk" }, backLink(), h("div", { class: "notice" }, heading, hint ? h("p", {}, hint) : null)));
  }

  /** Show a conversation, or bring the one that is shown up to date. @param {import("./state.js").Talk} talk */
  show(talk) {
    const isNew = this.id !== talk.id;
    if (isNew) this.build(talk.id);
    this.writeHead(talk);
    this.writePanel(talk);
    const atEnd = isNew || this.isAtEnd();
    const added = this.writeTurns(talk.messages);
    if (atEnd) this.scrollToEnd();
    else if (added) this.newer.hidden = false;
  }

  build(id) {
    this.id = id;
    this.known = new Map();
    this.drawn = "";
    this.heading = h("h2", { tabindex: "-1", id: "talk-heading" }, id);
    this.status = h("div", { class: "head-status" });
    this.facts = h("p", { class: "head-facts" });
    this.head = h("header", { class: "talk-head" }, backLink(), this.heading, this.status, this.facts);
    this.newer = h("button", { class: "button newer", type: "button", hidden: "" }, t("conversation.newer"));
    this.newer.addEventListener("click", () => this.scrollToEnd());
    this.turns = h("ol", { class: "turns", "aria-label": t("conversation.messages"), tabindex: "0" });
    this.panel = h("aside", { class: "panel", "aria-label": t("conversation.details") });
    this.body = h("div", { class: "talk-body" }, this.panel, this.turns);
    for (const scroller of [this.turns, this.body]) scroller.addEventListener("scroll", () => this.isAtEnd() && (this.newer.hidden = true), { passive: true });
    this.place.replaceChildren(h("article", { class: "talk", "aria-labelledby": "talk-heading" }, this.head, this.body));
  }

  writeHead(talk) {
    this.head.dataset.band = talk.band;
    const badge = h("span", { class: "badge" }, bandShape(talk.band), `${word("band", talk.band)} ${percent(talk.level)}`);
    const trend = h("span", { class: "head-trend" }, trendArrow(talk.trend), word("trend", talk.trend), " · ", word("stage", talk.stage));
    this.status.replaceChildren(badge, trend);
    this.waitingSince = talk.waitingSince;
    this.factWords = [talk.language && word("language", talk.language), talk.queue].filter(Boolean);
    this.tick(Date.now() / 1000);
  }

  /** Let the waiting time run on. */
  tick(now) {
    if (this.id === null) return;
    const waiting = this.waitingSince === null ? [] : [t("waiting", { time: duration(now - this.waitingSince) })];
    setText(this.facts, [...this.factWords, ...waiting].join(" · "));
  }

  /* The panel holds buttons: it is drawn again only when what it says has changed. */
  writePanel(talk) {
    const { messages, waitingSince, updatedAt, ...said } = talk;
    const drawn = JSON.stringify(said);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.panel.dataset.band = talk.band;
    this.panel.replaceChildren(...panel(talk));
  }

  writeTurns(messages) {
    let added = 0;
    for (const turn of messages) {
      if (this.known.has(turn.id)) continue;
      const element = turnElement(turn);
      this.known.set(turn.id, element);
      this.turns.append(element);
      added += 1;
    }
    this.turns.append(this.newer);
    return added;
  }

  isAtEnd() {
    const scroller = this.scroller();
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
  }

  /* Wide: the messages scroll by themselves. Narrow: they scroll together with the panel above them. */
  scroller() {
    return getComputedStyle(this.turns).overflowY === "auto" ? this.turns : this.body;
  }

  scrollToEnd() {
    this.newer.hidden = true;
    if (this.scroller() === this.turns) this.turns.scrollTop = this.turns.scrollHeight;
  }

  focus() {
    (this.id === null ? this.place : this.heading).focus({ preventScroll: true });
  }
}

function backLink() {
  return h("a", { class: "back", href: "#/" }, `‹ ${t("conversation.back")}`);
}

function turnElement(turn) {
  const time = h("time", { datetime: new Date(turn.sentAt * 1000).toISOString() }, clock(turn.sentAt));
  const head = h("p", { class: "turn-head" }, h("b", {}, word("role", turn.role)), time);
  const parts = turn.score ? [turnScores(turn.score), turnTags(turn.score)] : [];
  return h("li", { class: "turn", "data-role": turn.role, "data-turn": turn.id }, head, bubble(turn), ...parts);
}

function bubble(turn) {
  if (turn.text === null) return h("p", { class: "bubble none" }, t("text.missing"));
  const pieces = segments(turn.text, turn.score?.evidence ?? []).map(({ text, marks }) => (marks.length ? marked(text, marks) : text));
  return h("p", { class: "bubble", lang: turn.score?.language === "other" ? null : (turn.score?.language ?? null) }, ...pieces);
}

function marked(text, marks) {
  const title = marks.map((mark) => t("turn.mark", { signal: word("signal", mark.signal), weight: mark.weight.toFixed(2) })).join(", ");
  return h("mark", { "data-signal": marks[0].signal, title }, text);
}

function turnScores(score) {
  const bars = [...Object.entries(score.scores).map(([signal, p]) => meter(signal, p, score.flags[signal])), meter("asks_human", score.asks_human, score.flags.asks_human)];
  return h("div", { class: "turn-scores", role: "group", "aria-label": t("turn.scores") }, ...bars);
}

function meter(signal, probability, flag) {
  return h(
    "div",
    { class: "meter", "data-signal": signal, "data-flag": flag ? "true" : "false" },
    h("span", { title: word("signal", signal) }, word("signal", signal)),
    h("b", {}, String(percent(probability))),
    track(probability),
  );
}

function turnTags(score) {
  const mood = Object.entries(score.sentiment).sort((a, b) => b[1] - a[1])[0]?.[0];
  const tags = [
    score.status === "abstained" ? h("span", { class: "abstained" }, t("turn.abstained", { reason: word("abstain", score.abstain_reason ?? "") })) : null,
    score.threat_kind ? h("span", { class: "kind" }, word("kind", score.threat_kind)) : null,
    mood ? h("span", {}, word("sentiment", mood)) : null,
    h("span", {}, t("turn.certain", { language: word("language", score.language), percent: percent(score.language_probability) })),
  ];
  return h("p", { class: "turn-tags" }, ...tags);
}

function track(probability) {
  const filled = svg("rect", { width: percent(probability), height: 4 });
  return svg("svg", { class: "meter-track", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" }, filled);
}
