/* What the cards of the settings are made of: tables, fields, a button that asks once more, a secret shown once. */

import { ApiError } from "../api.js";
import { h } from "../dom.js";
import { t } from "../strings.js";

const COPIED_FOR_MS = 1600;

/** A card with its heading and what it explains. @param {string} key of its words @param {...Node} content */
export function card(key, ...content) {
  const id = `card-${key.replaceAll(".", "-")}`;
  const heading = h("h3", { id }, t(`${key}.heading`));
  return h("section", { class: "card setting-card", "aria-labelledby": id }, heading, h("p", { class: "hint" }, t(`${key}.hint`)), ...content);
}

/**
 * A table that scrolls sideways by itself where there is no room for it.
 * @param {string} caption for who cannot see it @param {string[]} headers @param {HTMLElement} body its `tbody`
 */
export function table(caption, headers, body) {
  const head = h("thead", {}, h("tr", {}, ...headers.map((header) => h("th", { scope: "col" }, header))));
  return h("div", { class: "table-scroll", role: "group", "aria-label": caption, tabindex: "0" }, h("table", {}, h("caption", { class: "unseen" }, caption), head, body));
}

/** A labelled field. @param {string} label @param {HTMLElement} control with an id */
export function field(label, control) {
  return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
}

/** A select. @param {string} id @param {[string, string][]} options value and words @param {string} chosen */
export function select(id, options, chosen) {
  const made = h("select", { id }, ...options.map(([value, words]) => h("option", { value }, words)));
  made.value = chosen;
  return made;
}

/** @param {string} words @param {() => unknown} run @param {string} [label] said in place of the words */
export function button(words, run, label = undefined) {
  const made = h("button", { class: "button quiet small", type: "button", "aria-label": label ?? null }, words);
  made.addEventListener("click", run);
  return made;
}

/**
 * A button that asks once more before it does what cannot be taken back.
 * @param {string} words @param {string} sure the words of the second button @param {() => unknown} run @param {string} label
 */
export function sureButton(words, sure, run, label) {
  const place = h("span", { class: "sure" });
  const first = button(words, ask, label);
  const reset = () => place.replaceChildren(first);
  function ask() {
    const cancel = button(t("settings.cancel"), () => (reset(), first.focus()));
    const go = button(sure, () => (reset(), run()));
    go.classList.add("grave");
    place.replaceChildren(go, cancel);
    go.focus();
  }
  reset();
  return place;
}

/** What is shown once: to be copied now. @param {string} label @param {string} secret @param {string} hint @param {() => void} done */
export function shownOnce(label, secret, hint, done) {
  const input = h("input", { type: "text", id: "shown-once", readonly: "", value: secret, spellcheck: "false" });
  input.addEventListener("focus", () => input.select());
  const copy = button(t("settings.copy"), async () => {
    const said = await navigator.clipboard.writeText(secret).then(() => "settings.copied", () => "settings.copy.failed");
    copy.textContent = t(said);
    setTimeout(() => (copy.textContent = t("settings.copy")), COPIED_FOR_MS);
  });
  const row = h("div", { class: "once-row" }, input, copy, button(t("settings.once.done"), done));
  const shown = h("div", { class: "once", role: "group", "aria-label": label }, h("label", { for: input.id }, label), row, h("p", { class: "hint" }, hint));
  queueMicrotask(() => input.focus());
  return shown;
}

/**
 * Where a card says what went wrong, or right.
 * @param {{fail: (failure: Error) => void}} board
 */
export class Said {
  constructor(board) {
    this.board = board;
    this.element = h("p", { class: "said", role: "status" });
  }

  clear() {
    this.element.textContent = "";
    this.element.classList.remove("wrong");
  }

  /** @param {string} words */
  say(words) {
    this.clear();
    this.element.textContent = words;
  }

  /** Show a card's part as it is now; what was said stays. @param {{load: () => Promise<void>}} shown */
  async reload(shown) {
    await shown.load().catch((failure) => this.board.fail(failure));
  }

  /**
   * Run what may be refused; `known` has the words for a status that is to be expected.
   * @param {() => Promise<unknown>} run @param {Record<number, string>} [known]
   * @returns {Promise<boolean>} whether it was done
   */
  async try(run, known = {}) {
    this.clear();
    try {
      await run();
      return true;
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.status === 401) {
        this.board.fail(failure);
        return false;
      }
      const words = known[failure.status] ?? (failure.status ? t("error.status", { status: failure.status, detail: failure.detail }) : t("error.network"));
      this.say(words);
      this.element.classList.add("wrong");
      return false;
    }
  }
}
