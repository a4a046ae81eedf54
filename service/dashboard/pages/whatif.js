/* The what-if page: change the policy, replay what is over, see which alerts appear and disappear.
 *
 *     GET /v1/policy -> whatif_rules.js | whatif_text.js -> POST /v1/replays -> whatif_result.js
 *
 * Two ways to change: fields for the numbers of each rule, or the file as text. Nothing here puts a policy into
 * force: the changed file is downloaded, and whoever runs the service serves it. */

import { read, send } from "../api.js";
import { h, isFocusFree, setAttribute } from "../dom.js";
import { language, plural, t } from "../strings.js";
import { withoutRule } from "../whatif_changes.js";
import { resultView } from "../whatif_result.js";
import { RuleList } from "../whatif_rules.js";
import { Run } from "../whatif_run.js";
import { PolicyText } from "../whatif_text.js";
import { changeText } from "../whatif_words.js";

const FILE = "what-if.yaml";

export class Page {
  constructor(place, board) {
    this.board = board;
    this.place = place;
    this.rules = null;
    this.mode = "rules";
  }

  async open() {
    if (this.rules !== null) return; // what was changed stays, when the reader comes back from a conversation
    const policy = await read(`/v1/policy?language=${language()}`);
    if (this.rules === null) this.build(policy);
  }

  close() {
    this.run?.end("");
  }

  build(policy) {
    const fail = (failure) => this.board.fail(failure);
    this.policy = policy;
    this.diff = h("div", { class: "what-changes" });
    this.result = h("div", { "aria-live": "off" });
    this.rules = new RuleList(policy, () => this.update());
    this.text = new PolicyText(fail, () => this.update());
    this.text.element.hidden = true;
    this.run = new Run(() => this.edits(), (answer) => this.show(answer), (failure) => this.refuse(failure));
    this.modes = ["rules", "text"].map((mode) => this.modeButton(mode));
    this.download = h("button", { class: "button quiet", type: "button" }, t("whatif.download"));
    this.download.addEventListener("click", () => this.save().catch(fail));
    this.place.replaceChildren(
      h("h2", { tabindex: "-1" }, t("whatif.heading")),
      h("p", { class: "page-about" }, t("whatif.about")),
      step(1, "whatif.step.change", h("div", { class: "modes", role: "group", "aria-label": t("whatif.mode") }, ...this.modes), h("p", { class: "hint" }, t("whatif.version", { version: policy.policy.version })), this.rules.element, this.text.element),
      step(2, "whatif.step.check", this.diff),
      step(3, "whatif.step.replay", h("p", { class: "hint" }, t("whatif.replay.about")), this.run.element),
      this.result,
    );
    this.update();
  }

  modeButton(mode) {
    const button = h("button", { class: "button quiet small", type: "button", "data-mode": mode }, t(`whatif.mode.${mode}`));
    button.addEventListener("click", () => this.choose(mode).catch((failure) => this.board.fail(failure)));
    return button;
  }

  /* The text begins with what the fields have changed; what is written there stays when the reader looks at the fields. */
  async choose(mode) {
    if (mode === "text" && this.text.value === "") this.text.value = (await this.check()).text;
    this.mode = mode;
    this.update();
  }

  check() {
    return send("POST", "/v1/policy/check", { changes: [...this.rules.changes.values()] });
  }

  /* What a replay tries; null while there is nothing, or while the text is no policy. */
  edits() {
    if (this.rules === null) return null;
    if (this.mode === "text") return this.text.isRight && changed(this.text.found.changes) ? { policy: this.text.value } : null;
    return this.rules.changes.size ? { changes: [...this.rules.changes.values()] } : null;
  }

  update() {
    if (!this.modes) return; // still being built
    for (const button of this.modes) setAttribute(button, "aria-pressed", String(button.dataset.mode === this.mode));
    this.rules.element.hidden = this.mode !== "rules";
    this.text.element.hidden = this.mode !== "text";
    const lines = this.mode === "rules" ? this.changedRules() : this.changedText();
    const none = h("p", { class: "hint" }, t(this.mode === "text" && !this.text.isRight ? "whatif.unread" : "whatif.unchanged"));
    this.diff.replaceChildren(...(lines.length ? [h("ul", { class: "change-list" }, ...lines), this.keep()] : [none]));
    this.run.update();
  }

  changedRules() {
    const byRule = this.policy.rules.map((rule) => [rule, [...this.rules.changes.values()].filter((change) => change.rule === rule.id)]);
    return byRule.filter(([, changes]) => changes.length).map(([rule, changes]) => {
      const undo = h("button", { class: "button quiet small", type: "button", "aria-label": t("whatif.undo.rule", { rule: rule.id }) }, t("whatif.undo"));
      undo.addEventListener("click", () => this.rules.set(withoutRule(this.rules.changes, rule.id)));
      return h("li", {}, h("span", { class: "rule" }, rule.id), h("span", {}, changes.map((change) => changeText(rule, change)).join(" · ")), undo);
    });
  }

  /* In the words of the file, which are those that its writer knows. */
  changedText() {
    const found = this.text.isRight ? this.text.found.changes : null;
    if (found === null) return [];
    const line = (rule, words) => h("li", {}, h("span", { class: "rule" }, rule), h("span", {}, words));
    const named = ["added", "removed", "moved"].flatMap((what) => found[what].map((rule) => line(rule, t(`whatif.matrix.${what}`))));
    return [...named, ...found.edits.map(({ rule, what, before, after }) => line(rule ?? FILE, before === after ? what : t("whatif.change", { what, from: before ?? "–", to: after ?? "–" })))];
  }

  keep() {
    const commands = [`evenkeel policy check ${FILE}`, `evenkeel serve --policy ${FILE}`];
    return h("div", { class: "keep" }, this.download, h("p", { class: "hint" }, t("whatif.force")), ...commands.map((command) => h("p", { class: "code" }, command)));
  }

  async save() {
    const text = this.mode === "text" ? this.text.value : (await this.check()).text;
    const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
    h("a", { href: address, download: FILE }).click();
    URL.revokeObjectURL(address);
  }

  show(answer) {
    const view = resultView(answer);
    this.result.replaceChildren(view);
    if (isFocusFree(this.run.element)) view.querySelector("h3").focus();
    this.board.announce(plural("whatif.changed", answer.diff.changed, { all: answer.diff.conversations }));
  }

  /* What may be mended here is said here; a lost session or service is the frame's to say. */
  refuse(failure) {
    if (![422, 503].includes(failure.status)) return this.board.fail(failure);
    this.run.wrong.textContent = failure.status === 503 ? t("whatif.busy") : t("whatif.broken", { detail: failure.detail });
  }
}

function changed({ added, removed, moved, edits }) {
  return added.length + removed.length + moved.length + edits.length > 0;
}

function step(number, title, ...content) {
  return h("section", { class: "card step", "aria-labelledby": `step-${number}` }, h("h3", { id: `step-${number}` }, h("span", { class: "step-number" }, String(number)), t(title)), ...content);
}
