/* Which conversations are replayed, the button, how far it is, and how to end it: step 3 of a what-if. */

import { sendForLines } from "./api.js";
import { h } from "./dom.js";
import { LANGUAGE_NAMES, number, t, word } from "./strings.js";

const DAYS = { week: 7, month: 30, all: null };
const MOST = 2000;
const DAY_MS = 86_400_000;

export class Run {
  /** @param {() => object|null} edits what to try, null while there is nothing @param {(answer: object) => void} onResult @param {(failure: Error) => void} onFailure */
  constructor(edits, onResult, onFailure) {
    this.edits = edits;
    this.onResult = onResult;
    this.onFailure = onFailure;
    this.ended = null;
    this.span = h("select", {}, ...Object.keys(DAYS).map((name) => h("option", { value: name }, t(`whatif.span.${name}`))));
    this.language = h("select", {}, h("option", { value: "" }, t("filter.any.language")), ...Object.keys(LANGUAGE_NAMES).map((code) => h("option", { value: code }, word("language", code))));
    this.start = h("button", { class: "button", type: "submit" }, t("whatif.run"));
    this.stop = h("button", { class: "button quiet", type: "button", hidden: "" }, t("whatif.stop"));
    this.bar = h("progress", { max: 1, hidden: "", "aria-label": t("whatif.progress") });
    this.says = h("p", { class: "hint", role: "status" });
    this.wrong = h("p", { class: "wrong", role: "alert" });
    const field = (name, select) => h("label", { class: "field" }, h("span", {}, t(name)), select);
    this.element = h("form", { class: "run-form" }, field("whatif.span", this.span), field("reports.language", this.language), this.start, this.stop, this.bar, this.says, this.wrong);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.ended === null) this.run();
    });
    this.stop.addEventListener("click", () => this.end(t("whatif.stopped")));
    this.update();
  }

  /** Look again whether there is something to try. */
  update() {
    if (this.ended !== null) return;
    const isReady = this.edits() !== null;
    this.start.disabled = !isReady;
    this.says.textContent = isReady ? "" : t("whatif.nothing");
  }

  async run() {
    const edits = this.edits();
    if (edits === null) return;
    const ended = (this.ended = new AbortController());
    this.show(0, null);
    let last = null;
    try {
      await sendForLines("/v1/replays", this.body(edits), ended.signal, (line) => {
        last = line;
        this.show(line.replayed, line.of);
      });
    } catch (failure) {
      if (this.ended === ended) this.end("");
      return this.onFailure(failure);
    }
    if (this.ended !== ended) return;
    this.end("");
    if (last?.result) this.onResult(last.result);
    else this.wrong.textContent = t("whatif.broken", { detail: last?.problem?.detail ?? "" });
  }

  body(edits) {
    const days = DAYS[this.span.value];
    const since = days === null ? {} : { since: new Date(Date.now() - days * DAY_MS).toISOString() };
    return { ...edits, ...since, ...(this.language.value ? { language: this.language.value } : {}), limit: MOST };
  }

  show(done, all) {
    this.wrong.textContent = "";
    this.start.disabled = true;
    this.stop.hidden = this.bar.hidden = false;
    if (all) Object.assign(this.bar, { max: all, value: done });
    else this.bar.removeAttribute("value");
    this.says.textContent = all === null ? t("whatif.starting") : t("whatif.done", { n: number(done), all: number(all) });
  }

  /** End a run, whether it is over or not; the service stops it when nobody listens. @param {string} words */
  end(words) {
    this.ended?.abort();
    this.ended = null;
    this.stop.hidden = this.bar.hidden = true;
    this.update();
    if (words) this.says.textContent = words;
  }
}
