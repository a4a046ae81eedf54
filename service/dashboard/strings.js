/* Key -> sentence in the reader's language. Every word that the board itself says is in `strings-*.js`.
 *
 * A language is added by one more file with the same keys and one line below; a key that it lacks
 * is shown in English. The reader's choice is kept in this browser only. */

import { strings as cs } from "./strings-cs.js";
import { strings as en } from "./strings-en.js";
import { strings as tl } from "./strings-tl.js";
import { strings as vi } from "./strings-vi.js";

const CATALOGUE = { en, vi, tl, cs };
const TAGS = { en: "en-GB", vi: "vi-VN", tl: "fil-PH", cs: "cs-CZ" };
const KEPT_UNDER = "evenkeel.language";

let current = "en";

/** The languages of the board, with their own names. */
export const LANGUAGE_NAMES = { en: "English", vi: "Tiếng Việt", tl: "Filipino", cs: "Čeština" };

/** Choose by the reader's earlier choice, else by the browser's languages. */
export function chooseLanguage() {
  const wanted = [localStorage.getItem(KEPT_UNDER), ...navigator.languages].filter(Boolean);
  const short = wanted.map((tag) => tag.toLowerCase().split("-")[0]).map((tag) => (tag === "fil" ? "tl" : tag));
  current = short.find((tag) => tag in CATALOGUE) ?? "en";
  document.documentElement.lang = current;
  return current;
}

/** Keep a choice; the caller reloads the page. */
export function keepLanguage(language) {
  localStorage.setItem(KEPT_UNDER, language);
}

/**
 * The sentence for a key, with its `{slots}` filled.
 * @param {string} key
 * @param {Record<string, string|number>} [slots]
 */
export function t(key, slots = {}) {
  const sentence = CATALOGUE[current][key] ?? en[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

/** The sentence for a word of the API (`band.high`), or the word itself where a newer service knows more. */
export function word(group, name) {
  const key = `${group}.${name}`;
  return CATALOGUE[current][key] ?? en[key] ?? String(name).replaceAll("_", " ");
}

/** Put the words into the parts of `index.html` that carry `data-t` (text), `data-t-label` or `data-t-placeholder`. */
export function translatePage() {
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  for (const element of document.querySelectorAll("[data-t-placeholder]")) element.setAttribute("placeholder", t(element.dataset.tPlaceholder));
}

/** Seconds -> "45 s", "12 min", "3 h 05", "2 d". @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return t("time.s", { n: whole });
  if (whole < 3600) return t("time.min", { n: Math.floor(whole / 60) });
  if (whole < 86400) return t("time.h", { h: Math.floor(whole / 3600), m: String(Math.floor((whole % 3600) / 60)).padStart(2, "0") });
  return t("time.d", { n: Math.floor(whole / 86400) });
}

/** Seconds since the epoch -> clock time, with the day when it was not today. */
export function clock(seconds) {
  const date = new Date(seconds * 1000);
  const today = date.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(TAGS[current], { ...day, hour: "2-digit", minute: "2-digit" }).format(date);
}

/** Probability 0..1 -> whole number 0..100. */
export function percent(probability) {
  return Math.round(probability * 100);
}
