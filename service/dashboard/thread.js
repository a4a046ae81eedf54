/* The messages of a conversation, and the marks between them -> one list that only grows.
 *
 * A message that is there is never drawn again. Steps of the hand-off come by another way than messages, so
 * each knows after how many turns it belongs. */

import { h } from "./dom.js";
import { changes, gapBefore } from "./flow.js";
import { adviceMark, gapMark, stepMark } from "./flow_marks.js";
import { showLabels } from "./label_editor.js";
import { t } from "./strings.js";
import { turnElement } from "./turn.js";

const NEAR_END_PX = 80;
const FOUND_FOR_MS = 2400;

export class Thread {
  /** @param {string} id of the conversation */
  constructor(id) {
    this.id = id;
    this.known = new Map();
    this.first = []; // of each turn: what stands before it and belongs to it begins here
    this.steps = null; // until the log was read
    this.placed = 0; // of the steps
    this.newer = h("button", { class: "button newer", type: "button", hidden: "" }, t("conversation.newer"));
    this.newer.addEventListener("click", () => this.scrollToEnd());
    this.end = h("li", { class: "newer-line" }, this.newer);
    this.element = h("ol", { class: "turns", "aria-label": t("conversation.messages"), tabindex: "0" }, this.end);
  }

  /** Narrow: the messages scroll together with what is above them, in `body`. */
  scrollsWith(body) {
    this.body = body;
    for (const scroller of [this.element, body]) scroller.addEventListener("scroll", () => this.isAtEnd() && (this.newer.hidden = true), { passive: true });
  }

  /** @param {object[]} messages all of them, oldest first @param {number} askedAt when the service was asked, by `performance.now()` */
  show(messages, askedAt) {
    const recommended = changes(messages);
    this.growing(() => {
      for (const [i, turn] of messages.entries()) {
        if (this.known.has(turn.id)) showLabels(this.known.get(turn.id), turn, askedAt);
        else this.add(messages, i, recommended.get(turn.id));
      }
      this.placeSteps();
    });
  }

  add(messages, i, recommendation) {
    const turn = messages[i];
    const gap = gapBefore(messages, i);
    const element = turnElement(this.id, turn);
    const mark = recommendation ? adviceMark(recommendation) : null;
    const group = [gap ? gapMark(gap) : null, element, mark].filter(Boolean);
    this.known.set(turn.id, element);
    this.first[i] = group[0];
    this.end.before(...group);
  }

  /** @param {object[]} steps of the hand-off, oldest first; the log only grows */
  showSteps(steps) {
    const isNews = this.steps !== null;
    this.steps = steps;
    this.growing(() => this.placeSteps(), isNews);
  }

  /* A step may be told before the turns that it came after. */
  placeSteps() {
    const steps = this.steps ?? [];
    for (let step = steps[this.placed]; step && step.after_seq <= this.known.size; step = steps[this.placed]) {
      (this.first[step.after_seq] ?? this.end).before(stepMark(step));
      this.placed += 1;
    }
  }

  /* Whoever reads the end goes on reading the end; whoever reads elsewhere is told that there is more. */
  growing(grow, isNews = true) {
    const before = this.element.childElementCount;
    const atEnd = before === 1 || this.isAtEnd();
    grow();
    if (this.element.childElementCount === before) return;
    if (atEnd) this.scrollToEnd();
    else if (isNews) this.newer.hidden = false;
  }

  /** Bring a turn into sight, and the focus to it. @param {string} turnId */
  showTurn(turnId) {
    const element = this.known.get(turnId);
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.add("found");
    setTimeout(() => element.classList.remove("found"), FOUND_FOR_MS);
  }

  isAtEnd() {
    const scroller = this.scroller();
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
  }

  scroller() {
    return getComputedStyle(this.element).overflowY === "auto" ? this.element : this.body;
  }

  scrollToEnd() {
    this.newer.hidden = true;
    if (this.scroller() === this.element) this.element.scrollTop = this.element.scrollHeight;
  }
}
