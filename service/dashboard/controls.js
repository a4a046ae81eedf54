/* Small parts that the cards of the conversation share: buttons, focus that survives a redraw, a copied text, a countdown. */

import { h } from "./dom.js";
import { t } from "./strings.js";

const COPIED_FOR_MS = 1600;

/**
 * A button of the house. @param {string} label @param {() => void} act
 * @param {Record<string, unknown>} [attributes] `class` is added to the button's own
 */
export function button(label, act, attributes = {}) {
  const { class: more = "quiet", ...others } = attributes;
  const made = h("button", { type: "button", class: `button ${more}`, ...others }, label);
  made.addEventListener("click", act);
  return made;
}

/**
 * Draw a part of the page anew. Whoever had the focus on something in it keeps it on the same thing
 * (`data-focus`), else on `fallback`: a keyboard must never be thrown back to the top of the page.
 * @param {HTMLElement} part @param {Node[]} content @param {HTMLElement} fallback
 */
export function redraw(part, content, fallback) {
  const had = part.contains(document.activeElement) ? (document.activeElement.dataset.focus ?? "") : null;
  const open = new Set([...part.querySelectorAll("details[open][data-focus]")].map((details) => details.dataset.focus));
  part.replaceChildren(...content);
  for (const details of part.querySelectorAll("details[data-focus]")) details.open ||= open.has(details.dataset.focus);
  if (had === null) return;
  const same = [...part.querySelectorAll("[data-focus]")].find((element) => element.dataset.focus === had && element.localName !== "details");
  (same ?? fallback).focus({ preventScroll: true });
}

/** A button that copies a text and says so for a moment. @param {() => string} text */
export function copyButton(text, attributes = {}) {
  const made = button(t("advice.copy"), () => copy(text(), made), attributes);
  return made;
}

async function copy(text, made) {
  const said = await navigator.clipboard.writeText(text).then(() => "advice.copied", () => "advice.copy.failed");
  made.textContent = t(said);
  setTimeout(() => (made.textContent = t("advice.copy")), COPIED_FOR_MS);
}

/** Seconds that are left -> "2:05", "1:02:05". @param {number} seconds */
export function countdown(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  const parts = left < 3600 ? [Math.floor(left / 60)] : [Math.floor(left / 3600), two(Math.floor((left % 3600) / 60))];
  return [...parts, two(left % 60)].join(":");
}

function two(n) {
  return String(n).padStart(2, "0");
}

/** What a failed call says to the reader. @param {import("./api.js").ApiError} failure */
export function sayFailure({ status, detail }) {
  return status ? t("error.status", { status, detail }) : t("error.network");
}
