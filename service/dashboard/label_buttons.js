/* Labels as they are shown -> toggle buttons; a click tells the label, and for a kind or a mood the value.
 *
 * The buttons stay the same elements while their state changes, so that the focus stays where it is. A
 * state is told by a sign and `aria-pressed`, never by colour alone. */

import { h, setAttribute, setText } from "./dom.js";
import { BINARY, KINDS, SENTIMENTS } from "./label_rules.js";
import { t, word } from "./strings.js";

export class LabelButtons {
  /**
   * @param {(label: string, value?: string) => void} onClick
   * @param {Record<string, string>} [keys] label -> the key that does the same, shown on the button
   */
  constructor(onClick, keys = {}) {
    this.buttons = new Map();
    const binary = BINARY.map((label) => this.button(label, label, word("signal", label), () => onClick(label), keys[label]));
    const kinds = KINDS.map((kind) => this.button(`kind.${kind}`, "threat", word("kind", kind), () => onClick("threat_kind", kind)));
    const moods = SENTIMENTS.map((mood) => this.button(`sentiment.${mood}`, null, word("sentiment", mood), () => onClick("sentiment", mood)));
    this.kinds = group("label-kinds", t("label.kind"), null, kinds);
    this.element = h(
      "div",
      { class: "label-buttons" },
      group("label-signals", t("label.signals"), null, binary),
      this.kinds,
      group("label-moods", t("label.mood"), keys.sentiment, moods),
    );
  }

  button(name, signal, words, onClick, key) {
    const sign = h("span", { class: "label-sign", "aria-hidden": "true" });
    const element = h("button", { class: "label-toggle", type: "button", "data-signal": signal, "data-label": name, "aria-pressed": "false", "aria-keyshortcuts": key ?? null }, sign, words, keyHint(key));
    element.addEventListener("click", onClick);
    this.buttons.set(name, { element, sign });
    return element;
  }

  /** @param {import("./label_rules.js").Labels} labels what is shown @param {import("./label_rules.js").Labels} said what somebody said of it */
  show(labels, said) {
    this.kinds.hidden = labels.threat !== 1;
    for (const label of BINARY) this.set(label, labels[label] === 1, (said[label] ?? null) !== null);
    for (const kind of KINDS) this.set(`kind.${kind}`, labels.threat_kind === kind, said.threat_kind === kind);
    for (const mood of SENTIMENTS) this.set(`sentiment.${mood}`, labels.sentiment === mood, said.sentiment === mood);
  }

  set(name, isOn, isSaid) {
    const { element, sign } = this.buttons.get(name);
    setAttribute(element, "aria-pressed", isOn ? "true" : "false");
    setAttribute(element, "data-said", isSaid ? "true" : null);
    setText(sign, isOn ? "✓" : "–");
  }
}

/** A key as it is shown on a button. @param {string} [key] */
export function keyHint(key) {
  return key ? h("kbd", { class: "label-key", "aria-hidden": "true" }, key.length === 1 ? key.toUpperCase() : key) : null;
}

function group(name, label, key, buttons) {
  return h("div", { class: `label-group ${name}`, role: "group", "aria-label": label }, h("span", { class: "label-group-name", "aria-hidden": "true" }, label, keyHint(key)), ...buttons);
}
