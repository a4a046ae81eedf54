/* A reply that somebody is about to write -> what to reconsider in it, with better wordings.
 *
 * Checked while typing: each pause asks once, and takes back the question before it. Nothing is stored and
 * nothing is sent to the customer; what is good is copied from here. A mirror behind the field underlines findings. */

import { ApiError, send } from "./api.js";
import { button, copyButton, sayFailure } from "./controls.js";
import { h, setText } from "./dom.js";
import { pieces, reworded } from "./draft_text.js";
import { plural, t, word } from "./strings.js";
import { speech } from "./turn.js";

const PAUSE_MS = 350;

export class DraftBox {
  /** @param {string} id of the conversation @param {{fail: (failure: ApiError) => void}} desk */
  constructor(id, desk) {
    this.path = `/v1/conversations/${encodeURIComponent(id)}/draft`;
    this.desk = desk;
    this.timer = 0;
    this.asked = null;
    this.field = h("textarea", { id: "draft", rows: "1", spellcheck: "true", "aria-describedby": "draft-hint draft-said", placeholder: t("draft.placeholder") });
    this.mirror = h("div", { class: "draft-mirror", "aria-hidden": "true" });
    this.said = h("p", { class: "draft-said", id: "draft-said", role: "status" });
    this.list = h("ol", { class: "findings" });
    this.tools = h("div", { class: "draft-tools", hidden: "" }, copyButton(() => this.field.value, { class: "quiet small" }), button(t("draft.clear"), () => this.clear(), { class: "quiet small" }));
    const label = h("label", { for: "draft" }, t("draft.heading"));
    const head = h("div", { class: "draft-head" }, label, h("p", { class: "hint", id: "draft-hint" }, t("draft.hint")));
    this.element = h("section", { class: "draft" }, this.said, this.list, head, h("div", { class: "draft-field" }, this.mirror, this.field), this.tools);
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("scroll", () => (this.mirror.scrollTop = this.field.scrollTop), { passive: true });
  }

  /** The customer's language, in which the reply is most likely written. @param {string|null} language */
  show(language) {
    this.field.lang = speech(language) ?? "";
  }

  /** Put a text into the box, behind what is there. */
  insert(text) {
    const before = this.field.value.trimEnd();
    this.write(before ? `${before} ${text}` : text);
  }

  write(text, caret = text.length) {
    this.field.value = text;
    this.typed();
    this.field.focus();
    this.field.setSelectionRange(caret, caret);
  }

  clear() {
    this.write("");
  }

  typed() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.tools.hidden = this.field.value === "";
    this.mark([]);
    if (this.field.value.trim() === "") return this.tell([], "");
    this.timer = setTimeout(() => this.check(), PAUSE_MS);
  }

  async check() {
    const asked = new AbortController();
    this.asked = asked;
    const text = this.field.value;
    try {
      const { findings } = await this.ask(text, asked.signal);
      if (asked.signal.aborted) return;
      this.mark(findings);
      this.tell(findings, findings.length ? plural("draft.found", findings.length) : t("draft.fine"));
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      if (asked.signal.aborted) return;
      if (failure.status === 401) this.desk.fail(failure);
      this.tell([], sayFailure(failure));
    }
  }

  /* Where a text is checked; the demo has another place. */
  ask(text, signal) {
    return send("POST", this.path, { text }, signal);
  }

  tell(findings, said) {
    setText(this.said, said);
    this.list.replaceChildren(...findings.map((finding, i) => this.item(finding, i)));
  }

  mark(findings) {
    const drawn = pieces(this.field.value, findings).map(({ text, finding }) => (finding === null ? text : h("mark", {}, text)));
    this.mirror.replaceChildren(...drawn, "\n"); // a last empty line counts in the field too
    this.mirror.scrollTop = this.field.scrollTop;
  }

  item(finding, i) {
    const use = button(t("draft.use"), () => this.use(finding), { class: "quiet small", "aria-describedby": `offer-${i}` });
    const why = h("p", {}, h("b", {}, word("draft.kind", finding.kind)), " ", finding.why);
    return h("li", { class: "finding", "data-kind": finding.kind }, why, h("p", { class: "offer", id: `offer-${i}`, lang: this.field.lang || null }, finding.offer), use);
  }

  use(finding) {
    const { text, caret } = reworded(this.field.value, finding);
    this.write(text, caret);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
  }
}
