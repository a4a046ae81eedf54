/* The filter form <-> the filter of the list, and how many conversations each choice has. */

import { bandShape } from "./charts.js";
import { byId, h, setAttribute, setText } from "./dom.js";
import { BANDS, DAYS, DEFAULTS, fromQuery, SORTS, STATUSES, toQuery } from "./shown.js";
import { number, plural, t, word } from "./strings.js";

const WHO = ["mine", "needs"];
const ANY_QUEUE = "*"; // "" is no queue

export class Filters {
  /** @param {() => void} onChange the reader changed something */
  constructor(onChange) {
    this.onChange = onChange;
    this.fields = { text: byId("filter-text"), language: byId("filter-language"), queue: byId("filter-queue") };
    for (const name of ["status", "days", "sort"]) this.fields[name] = byId(`filter-${name}`);
    fillSelect(this.fields.status, STATUSES.map((status) => [status, t(`filter.status.${status || "unresolved"}`)]));
    fillSelect(this.fields.days, DAYS.map((days) => [String(days), days === 1 ? t("filter.day") : plural("filter.days", days)]));
    fillSelect(this.fields.sort, SORTS.map((sort) => [sort, t(`sort.${sort}`)]));
    this.toggles = new Map([...BANDS, ...WHO].map((name) => [name, this.toggle(name)]));
    const buttons = (names) => names.map((name) => this.toggles.get(name).button);
    byId("band-filters").replaceChildren(...buttons(BANDS));
    byId("who-filters").replaceChildren(...buttons(WHO));
    this.drawn = "";
    for (const field of Object.values(this.fields)) field.addEventListener("input", () => this.change(this.read()));
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    byId("filter-more").addEventListener("click", () => this.fold());
    byId("filter-clear").addEventListener("click", () => this.clear());
    this.offer({ bands: {}, languages: [], queues: [] });
    this.take("");
  }

  toggle(name) {
    const isBand = BANDS.includes(name);
    const count = h("b", {}, "0");
    const label = isBand ? word("band", name) : t(`filter.${name}`);
    const button = h("button", { class: "toggle-filter", type: "button", "data-band": isBand ? name : null, "data-who": isBand ? null : name }, isBand ? bandShape(name) : null, label, " ", count);
    button.addEventListener("click", () => this.flip(name));
    return { button, count };
  }

  /** Turn a band, `mine` or `needs` on or off. @param {string} name */
  flip(name) {
    if (!BANDS.includes(name)) return this.change({ ...this.value, [name]: !this.value[name] });
    const bands = new Set(this.value.bands);
    if (!bands.delete(name)) bands.add(name);
    this.change({ ...this.value, bands });
  }

  /** Show everything again, in the order that was chosen. */
  clear() {
    this.change({ ...DEFAULTS, sort: this.value.sort });
    this.fields.text.focus();
  }

  change(value) {
    this.put(value);
    this.onChange();
  }

  /** Take over what an address asks for. @param {string} query */
  take(query) {
    this.put(fromQuery(query));
  }

  /** The same for an address. */
  get query() {
    return toQuery(this.value);
  }

  /* What the fields say; bands, mine and needs have buttons. */
  read() {
    const { text, language, queue, status, days, sort } = Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, field.value]));
    return { ...this.value, text, language, queue: queue === ANY_QUEUE ? null : queue, status, days: Number(days), sort };
  }

  put(value) {
    this.value = value;
    for (const [name, field] of Object.entries(this.fields)) choose(field, String(value[name] ?? ANY_QUEUE));
    for (const [name, { button }] of this.toggles) setAttribute(button, "aria-pressed", value.bands.has(name) || value[name] === true);
    byId("filter-clear").hidden = toQuery({ ...value, sort: DEFAULTS.sort }) === "";
    const folded = ["language", "queue", "status", "days"].filter((name) => value[name] !== DEFAULTS[name]).length;
    setText(byId("filter-more"), folded ? t("filter.more.chosen", { n: folded }) : t("filter.more"));
  }

  fold() {
    const isOpen = byId("filters").classList.toggle("unfolded");
    setAttribute(byId("filter-more"), "aria-expanded", isOpen);
  }

  /** Offer what occurs. @param {ReturnType<import("./shown.js").overview>} found */
  offer({ bands, languages, queues, ...who }) {
    for (const [name, { count }] of this.toggles) setText(count, number(bands[name] ?? who[name] ?? 0));
    const drawn = JSON.stringify([languages, queues]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    fillSelect(this.fields.language, [["", t("filter.any.language")], ...languages.map((code) => [code, word("language", code)])]);
    fillSelect(this.fields.queue, [[ANY_QUEUE, t("filter.any.queue")], ...queues.map((queue) => [queue, queue || t("filter.no.queue")])]);
    if (this.value) this.put(this.value);
  }
}

function fillSelect(select, choices) {
  select.replaceChildren(...choices.map(([code, name]) => h("option", { value: code }, name)));
}

/* The reader's choice stays, also when it occurs no more. A text field keeps its cursor: it is only written when it differs. */
function choose(field, value) {
  if (field.value === value) return;
  if (field.options && ![...field.options].some((option) => option.value === value)) field.append(h("option", { value }, value));
  field.value = value;
}
