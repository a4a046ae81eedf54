/* One customer's turn -> who said what of it, and the tools to correct the model: the first click opens the
 * labels, the second changes one and keeps it. "Right as it is" keeps all of them as they are shown.
 *
 * A correction is the signed-in person's own and changes no score; what others say is shown beside it. */

import { ApiError, send } from "./api.js";
import { h, setText } from "./dom.js";
import { LabelButtons } from "./label_buttons.js";
import { answerOf, clicked, confirmed, corrections, labelsOf, same, shown } from "./label_rules.js";
import { me } from "./me.js";
import { clock, t, word } from "./strings.js";

const editors = new WeakMap();

/**
 * The tools of a turn; `showLabels` keeps them up to date.
 * @param {string} conversationId @param {object} turn one of `Talk.messages`, scored
 * @returns {HTMLElement}
 */
export function labelTools(conversationId, turn) {
  const editor = new LabelEditor(conversationId, turn);
  editors.set(editor.element, editor);
  return editor.element;
}

/** Bring the tools within an element up to date. @param {Element} element @param {object} turn @param {number} askedAt */
export function showLabels(element, turn, askedAt) {
  editors.get(element.querySelector(".label-tools"))?.take(turn.labels, askedAt);
}

/** Where labels of a turn are kept. @param {string} conversationId @param {string} turnId */
export function labelsPath(conversationId, turnId) {
  return `/v1/conversations/${encodeURIComponent(conversationId)}/turns/${encodeURIComponent(turnId)}/labels`;
}

/** A person's labels of a turn as one line: "Corrected by Mai, 14:02 · Threat: yes". @param {object} said @param {object} answer */
function saidLine(said, answer) {
  const wrong = corrections(said, answer);
  const head = t(wrong.length ? "label.corrected" : "label.confirmed", { by: said.by, at: clock(said.at) });
  return [head, ...wrong.map((label) => valueOf(label, said[label]))].join(" · ");
}

function valueOf(label, value) {
  if (label === "threat_kind") return word("kind", value);
  if (label === "sentiment") return word("sentiment", value);
  return t(value === 1 ? "label.yes" : "label.no", { label: word("signal", label) });
}

class LabelEditor {
  constructor(conversationId, turn) {
    this.path = labelsPath(conversationId, turn.id);
    this.answer = answerOf(turn.score);
    this.said = [];
    this.draft = null; // what was clicked and is not kept yet: the next click builds on it
    this.sent = Promise.resolve();
    this.keptAt = 0;
    this.opener = this.button("label.correct", () => this.toggle());
    this.right = this.button("label.right", () => this.keep(confirmed(this.mine(), this.answer)));
    this.list = h("ul", { class: "label-said" });
    this.panel = h("div", { class: "label-panel", hidden: "" });
    this.element = h("div", { class: "label-tools" }, this.list, h("div", { class: "label-actions" }, this.opener, this.right), this.panel);
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.show(turn.labels);
  }

  button(key, onClick) {
    const element = h("button", { class: "label-action", type: "button" }, t(key));
    element.addEventListener("click", onClick);
    return element;
  }

  /* What was asked for before the last click was kept knows nothing of it, and the next click would build on that. */
  take(labels, askedAt) {
    if (askedAt >= this.keptAt) this.show(labels);
  }

  /** What people say now. @param {object[]} labels as the API tells them */
  show(labels) {
    this.said = labels;
    this.list.replaceChildren(...labels.map((said) => h("li", {}, saidLine(said, this.answer))));
    this.list.hidden = labels.length === 0;
    const mine = this.mine();
    this.right.hidden = same(mine, confirmed(mine, this.answer));
    if (this.buttons) this.draw(mine);
  }

  draw(mine) {
    this.buttons.show(shown(mine, this.answer), mine);
    this.undo.disabled = !this.own();
  }

  own() {
    return this.said.find((said) => said.by === me()?.name);
  }

  mine() {
    return this.draft ?? labelsOf(this.own());
  }

  /* The panel is made when it is first wanted: a long conversation has hundreds of turns. */
  build() {
    this.buttons = new LabelButtons((label, value) => this.keep(clicked(this.mine(), this.answer, label, value)));
    this.undo = this.button("label.undo", () => this.takeBack());
    const close = this.button("label.close", () => this.toggle());
    this.status = h("p", { class: "label-status", role: "status" });
    this.panel.append(this.buttons.element, h("div", { class: "label-end" }, this.status, this.undo, close));
    this.draw(this.mine());
  }

  toggle() {
    if (!this.buttons) this.build();
    this.panel.hidden = !this.panel.hidden;
    this.opener.setAttribute("aria-expanded", String(!this.panel.hidden));
    if (this.panel.hidden) this.opener.focus();
    else setText(this.status, t("label.hint"));
  }

  onKey(event) {
    if (event.key !== "Escape" || this.panel.hidden) return;
    event.stopPropagation(); // the board would leave the conversation
    this.toggle();
  }

  keep(labels) {
    this.change(labels, () => send("PUT", this.path, { by: me()?.name, ...labels }), "label.saved");
  }

  takeBack() {
    this.change(labelsOf(null), () => send("DELETE", `${this.path}?by=${encodeURIComponent(me()?.name ?? "")}`), "label.undone");
  }

  /* Shown at once, sent one after the other. */
  change(labels, request, words) {
    this.draft = labels;
    this.show(this.said);
    this.sent = this.sent.then(() => this.settle(labels, request, words));
  }

  async settle(labels, request, words) {
    let said = this.said;
    try {
      said = (await request()).labels;
      this.keptAt = performance.now();
      this.tell(t(words), "saved");
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      this.tell(failure.status ? t("label.failed", { detail: failure.detail }) : t("error.network"), "failed");
    }
    if (this.draft === labels) this.draft = null;
    this.show(said);
  }

  tell(sentence, state) {
    if (!this.buttons) this.build();
    if (state === "failed" && this.panel.hidden) this.toggle();
    this.status.dataset.state = state;
    setText(this.status, sentence);
  }
}
