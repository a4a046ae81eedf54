/* Key -> sentence in the reader's language. Every word that the board itself says is in `words/`.
 *
 * `words/<language>.js` joins the areas of a language (`words/<language>/<area>.js`, the same keys in each);
 * a key that a language lacks is shown in English. Only the reader's language and English are fetched.
 * The reader's choice is kept in this browser only. */

import { strings as en } from "./words/en.js";

const LOADERS = {
  en: () => ({ strings: en }),
  vi: () => import("./words/vi.js"),
  tl: () => import("./words/tl.js"),
  cs: () => import("./words/cs.js"),
};
const TAGS = { en: "en-GB", vi: "vi-VN", tl: "fil-PH", cs: "cs-CZ" };
const KEPT_UNDER = "evenkeel.language";

let current = "en";
let words = en;

/** The languages of the board, with their own names. */
export const LANGUAGE_NAMES = { en: "English", vi: "Tiếng Việt", tl: "Filipino", cs: "Čeština" };

/**
 * Choose by what is asked for, the reader's earlier choice, or the browser's languages, and fetch its words.
 * @param {string|null} [asked] by the page that shows this one in a frame
 */
export async function chooseLanguage(asked = null) {
  const wanted = [asked, kept(), ...navigator.languages].filter(Boolean);
  const short = wanted.map((tag) => tag.toLowerCase().split("-")[0]).map((tag) => (tag === "fil" ? "tl" : tag));
  current = short.find((tag) => tag in LOADERS) ?? "en";
  words = (await LOADERS[current]()).strings;
  document.documentElement.lang = current;
  return current;
}

/* In a frame of another site the browser may forbid it. */
function kept() {
  try {
    return localStorage.getItem(KEPT_UNDER);
  } catch {
    return null;
  }
}

/** Keep a choice; the caller reloads the page. */
export function keepLanguage(language) {
  localStorage.setItem(KEPT_UNDER, language);
}

/** The language that the board speaks, as the API names it. */
export function language() {
  return current;
}

/** The BCP 47 tag of that language, for `Intl`. */
export function tag() {
  return TAGS[current];
}

/**
 * The sentence for a key, with its `{slots}` filled.
 * @param {string} key
 * @param {Record<string, string|number>} [slots]
 */
export function t(key, slots = {}) {
  return fillIn(words[key] ?? en[key] ?? key, slots);
}

/**
 * The sentence for a number of things, in the form that the language has for it: `key.one`, `key.few`
 * (Czech 2 to 4), `key.other`. The number is the slot `{n}`, written as the language writes numbers.
 * @param {string} key
 * @param {number} n
 * @param {Record<string, string|number>} [slots]
 */
export function plural(key, n, slots = {}) {
  const form = (catalogue, tagged) => catalogue[`${key}.${new Intl.PluralRules(tagged).select(n)}`] ?? catalogue[`${key}.other`];
  const sentence = form(words, TAGS[current]) ?? form(en, TAGS.en) ?? key;
  return fillIn(sentence, { n: number(n), ...slots });
}

function fillIn(sentence, slots) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

/** The sentence for a word of the API (`band.high`), or the word itself where a newer service knows more. */
export function word(group, name) {
  const key = `${group}.${name}`;
  return words[key] ?? en[key] ?? String(name).replaceAll("_", " ");
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

/** A number as the language writes it. @param {number} value @param {Intl.NumberFormatOptions} [options] */
export function number(value, options = {}) {
  return new Intl.NumberFormat(TAGS[current], options).format(value);
}

/** Probability 0..1 -> whole number 0..100. */
export function percent(probability) {
  return Math.round(probability * 100);
}
