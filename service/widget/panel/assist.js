/* One conversation, in a panel: how it stands, what to do, phrases to insert, and the check of a reply. */

import { send } from "/assets/api.js";
import { inLanguageFirst } from "/assets/advice.js";
import { bandShape, trendArrow } from "/assets/charts.js";
import { button, copyButton } from "/assets/controls.js";
import { h } from "/assets/dom.js";
import { DraftBox } from "/assets/draft.js";
import { percent, t, word } from "/assets/strings.js";
import { Cards } from "../shared/cards.js";

const SAID_FOR_MS = 1600;

/* Tells the page around us too what was found in the text that it asked about. */
class PanelDraft extends DraftBox {
  constructor(id, host) {
    super(id, { fail: () => {} });
    this.conversation = id;
    this.host = host;
  }

  async ask(text, signal) {
    const answer = await send("POST", this.path, { text }, signal);
    if (!signal.aborted) this.host.tell({ type: "evenkeel:findings", conversation: this.conversation, text, findings: answer.findings });
    return answer;
  }

  /* A text of the page's own editor: the focus stays there. */
  review(text) {
    this.field.value = text;
    this.typed();
  }
}

export class Assist {
  /** @param {string} id @param {import("./host.js").Host} host @param {{inserts: boolean}} given whether the page takes phrases */
  constructor(id, host, { inserts }) {
    this.id = id;
    this.host = host;
    this.inserts = inserts;
    this.heading = h("h2", { class: "panel-id", tabindex: "-1" }, id);
    this.standing = h("div", { class: "head-status" });
    this.draft = new PanelDraft(id, host);
    this.place = h("div", { class: "panel-cards" });
    this.cards = new Cards(this.place, { showTurn: () => {}, tryText: (text) => this.draft.insert(text) }, this.heading, (talk) => this.phrases(talk));
    this.cards.timeline.open.hidden = true; // the messages are in the page around us
    this.element = h("div", { class: "panel-body" }, h("div", { class: "panel-head" }, this.heading, this.standing), this.place);
    this.cards.slots.phrases.after(h("section", { class: "card" }, this.draft.element));
  }

  /** @param {import("/assets/state.js").Talk} talk */
  show(talk) {
    this.talk = talk;
    const badge = h("span", { class: "badge", "data-band": talk.band }, bandShape(talk.band), `${word("band", talk.band)} ${percent(talk.level)}`);
    const trend = h("span", { class: "head-trend" }, trendArrow(talk.trend), word("trend", talk.trend), " · ", word("stage", talk.stage));
    this.standing.replaceChildren(badge, trend);
    this.cards.show(talk);
    this.draft.show(talk.language);
  }

  /** The page around says whether it takes phrases. @param {boolean} inserts */
  letInsert(inserts) {
    if (inserts === this.inserts) return;
    this.inserts = inserts;
    this.cards.drawn.phrases = null;
    if (this.talk) this.cards.show(this.talk);
  }

  review(text) {
    this.draft.review(text);
  }

  phrases({ advice, language }) {
    const phrases = inLanguageFirst(advice?.phrases ?? [], language);
    if (!phrases.length) return null;
    return h("section", { class: "card" }, h("h3", {}, t("advice.phrases")), h("ul", { class: "phrases" }, ...phrases.map((phrase) => this.phrase(phrase))));
  }

  phrase({ id, text, technique, language }) {
    const first = this.inserts ? this.insertButton(id, text) : copyButton(() => text, { class: "quiet copy", "data-focus": `copy-${id}` });
    const edit = button(t("advice.try"), () => this.draft.insert(text), { class: "quiet copy", "data-focus": `try-${id}` });
    return h("li", {}, h("p", { lang: language }, text), h("small", {}, word("technique", technique)), h("div", { class: "phrase-tools" }, first, edit));
  }

  insertButton(id, text) {
    const made = button(t("panel.insert"), () => this.insert(text, made), { class: "copy", "data-focus": `insert-${id}` });
    return made;
  }

  insert(text, made) {
    this.host.tell({ type: "evenkeel:insert", conversation: this.id, text });
    made.textContent = t("panel.inserted");
    setTimeout(() => (made.textContent = t("panel.insert")), SAID_FOR_MS);
  }

  close() {
    this.draft.close();
  }
}
