/* One turn that is worth a label: why, what was said before, its words, and the labels to keep.
 *
 * `onKey` takes the keys of the page that shows it. */

import { addressOf } from "../address.js";
import { h, setAttribute, setText } from "../dom.js";
import { keyHint, LabelButtons } from "../label_buttons.js";
import { answerOf, clicked, confirmed, nextSentiment, shown } from "../label_rules.js";
import { clock, t, word } from "../strings.js";
import { reasonLine } from "./label_reasons.js";

const KEYS = { f: "frustration", a: "abuse", t: "threat", h: "asks_human" };
const SHOWN_KEYS = { ...Object.fromEntries(Object.entries(KEYS).map(([key, label]) => [label, key])), sentiment: "s" };

export class LabelCard {
  /** @param {{save: (labels: object) => void, skip: () => void, undo: () => void}} does */
  constructor(does) {
    this.does = does;
    this.turn = null;
    this.buttons = new LabelButtons((label, value) => this.click(label, value), SHOWN_KEYS);
    this.heading = h("h3", { class: "label-card-heading", id: "label-card-heading" });
    this.why = h("ul", { class: "labels-why" });
    this.before = h("ol", { class: "label-before", "aria-label": t("labels.before") });
    this.words = h("blockquote", { class: "label-words" });
    this.link = h("a", { class: "label-open" }, t("labels.open"));
    this.undo = action("labels.undo", "u", "quiet", () => does.undo());
    const save = action("labels.save", "Enter", "", () => this.save());
    const skip = action("labels.skip", "n", "quiet", () => does.skip());
    const actions = h("div", { class: "label-card-actions" }, save, skip, this.undo, this.link);
    const keys = h("p", { class: "label-keys", id: "label-keys" }, t("labels.keys"));
    const attributes = { class: "card label-card", tabindex: "-1", "aria-labelledby": "label-card-heading", "aria-describedby": "label-keys" };
    this.element = h("article", attributes, this.heading, this.why, this.before, this.words, this.buttons.element, actions, keys);
  }

  /** @param {object} turn as the queue tells it @param {boolean} canUndo */
  show(turn, canUndo) {
    this.turn = turn;
    this.answer = answerOf(turn.score);
    this.said = {};
    setText(this.heading, [turn.language && word("language", turn.language), turn.queue, clock(turn.sent_at)].filter(Boolean).join(" · "));
    this.why.replaceChildren(...turn.reasons.map((reason) => h("li", { "data-kind": reason.kind }, h("b", {}, t(`labels.kind.${reason.kind}`)), " ", reasonLine(reason))));
    this.before.replaceChildren(...turn.before.filter(({ text }) => text !== null).map(({ role, text }) => h("li", { "data-role": role }, h("b", {}, word("role", role)), " ", text)));
    this.before.hidden = !this.before.children.length;
    setAttribute(this.words, "lang", turn.language === "other" ? null : turn.language);
    setText(this.words, turn.text);
    setAttribute(this.link, "href", addressOf(turn.conversation_id));
    this.undo.hidden = !canUndo;
    this.draw();
  }

  draw() {
    this.buttons.show(shown(this.said, this.answer), this.said);
  }

  click(label, value) {
    this.said = clicked(this.said, this.answer, label, value);
    this.draw();
  }

  save() {
    this.does.save(confirmed(this.said, this.answer));
  }

  focus() {
    this.element.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const onButton = event.target.closest("button, a");
    if (event.key === "Enter" && !onButton) this.save();
    else if (event.key in KEYS) this.click(KEYS[event.key]);
    else if (event.key === "s") this.click("sentiment", nextSentiment(shown(this.said, this.answer).sentiment));
    else if (event.key === "n") this.does.skip();
    else if (event.key === "u") this.does.undo();
    else return;
    event.preventDefault();
  }
}

function action(key, shortcut, kind, onClick) {
  const button = h("button", { class: `button ${kind}`, type: "button", "aria-keyshortcuts": shortcut }, t(key), keyHint(shortcut));
  button.addEventListener("click", onClick);
  return button;
}
