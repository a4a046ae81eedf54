/* The policy as a file, for who knows its words: a field with line numbers that shows the first mistake at its line. */

import { send } from "./api.js";
import { h, setAttribute } from "./dom.js";
import { t } from "./strings.js";

const CHECK_AFTER_MS = 600;
/* Browsers insert a long text line by line, which takes half a minute for a policy. */
const LONG_PASTE = 5000;

export class PolicyText {
  /** @param {(failure: Error) => void} fail @param {() => void} onChange */
  constructor(fail, onChange) {
    this.fail = fail;
    this.onChange = onChange;
    this.asked = 0;
    this.found = null;
    this.timer = 0;
    this.gutter = h("div", { class: "gutter", "aria-hidden": "true" });
    this.field = h("textarea", { id: "whatif-text", spellcheck: "false", wrap: "off", rows: "22", autocapitalize: "off", "aria-describedby": "whatif-mistake" });
    this.says = h("p", { id: "whatif-mistake", role: "status" });
    this.go = h("button", { class: "button quiet small", type: "button", hidden: "" }, t("whatif.go"));
    this.field.addEventListener("input", () => this.later());
    this.field.addEventListener("scroll", () => (this.gutter.scrollTop = this.field.scrollTop));
    this.field.addEventListener("paste", (event) => this.paste(event));
    this.file = h("input", { type: "file", accept: ".yaml,.yml", "aria-label": t("whatif.open") });
    this.file.addEventListener("change", async () => {
      const [file] = this.file.files;
      if (file) this.value = await file.text();
    });
    this.go.addEventListener("click", () => this.goToLine(this.found.mistake.line));
    this.element = h("div", { class: "policy-text" }, h("div", { class: "text-tools" }, h("label", { for: "whatif-text" }, t("whatif.text")), this.file), h("div", { class: "code-field" }, this.gutter, this.field), h("div", { class: "mistake" }, this.says, this.go));
  }

  get value() {
    return this.field.value;
  }

  set value(text) {
    this.field.value = text;
    this.check();
  }

  /** Whether the text is a policy, as far as it was checked. */
  get isRight() {
    return this.found !== null && this.found.mistake === null;
  }

  later() {
    this.found = null;
    this.number();
    this.onChange();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), CHECK_AFTER_MS);
  }

  paste(event) {
    const text = event.clipboardData.getData("text/plain");
    if (text.length < LONG_PASTE) return;
    event.preventDefault();
    this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
    this.later();
  }

  /** Ask the service what the text changes, or what is wrong with it. */
  async check() {
    clearTimeout(this.timer);
    const asked = (this.asked += 1);
    try {
      const found = this.value.trim() ? await send("POST", "/v1/policy/check", { policy: this.value }) : null;
      if (asked === this.asked) this.show(found);
    } catch (failure) {
      if (failure.status !== 422) return this.fail(failure);
      if (asked === this.asked) this.show(null, failure.detail);
    }
  }

  show(found, refusal = "") {
    this.found = found;
    const mistake = found?.mistake ?? null;
    this.number();
    this.go.hidden = mistake === null;
    setAttribute(this.field, "aria-invalid", mistake || refusal ? "true" : null);
    this.says.className = mistake || refusal ? "wrong" : "hint";
    if (mistake) this.says.textContent = t("whatif.mistake", { line: mistake.line, key: mistake.key, expected: mistake.expected });
    else this.says.textContent = refusal || (found ? t("whatif.right", { version: found.policy.version }) : t("whatif.text.empty"));
    this.onChange();
  }

  number() {
    const wrong = this.found?.mistake?.line ?? 0;
    const count = this.value.split("\n").length;
    this.gutter.replaceChildren(...Array.from({ length: count }, (_, i) => h("span", { "data-wrong": i + 1 === wrong ? "" : null }, i + 1 === wrong ? `▶ ${i + 1}` : String(i + 1))));
    this.gutter.scrollTop = this.field.scrollTop;
  }

  goToLine(line) {
    const lines = this.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    this.field.focus();
    this.field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    const height = this.field.scrollHeight / Math.max(lines.length, 1);
    this.field.scrollTop = Math.max(0, (line - 6) * height);
  }
}
