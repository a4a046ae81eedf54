/* The filter form <-> the filter of the list, and how many conversations each band has. */

import { bandShape } from "./charts.js";
import { byId, h, setAttribute, setText } from "./dom.js";
import { t, word } from "./strings.js";

const BANDS = ["critical", "high", "watch", "calm"];

export class Filters {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.bands = new Set();
    this.onChange = onChange;
    this.text = byId("filter-text");
    this.language = byId("filter-language");
    this.queue = byId("filter-queue");
    this.buttons = new Map(BANDS.map((band) => [band, this.bandButton(band)]));
    byId("band-filters").replaceChildren(...[...this.buttons.values()].map(({ button }) => button));
    this.drawn = "";
    for (const field of [this.text, this.language, this.queue]) field.addEventListener("input", onChange);
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    this.offer({ bands: {}, languages: [], queues: [] });
  }

  bandButton(band) {
    const count = h("b", {}, "0");
    const button = h("button", { class: "band-filter", type: "button", "data-band": band, "aria-pressed": "false" }, bandShape(band), word("band", band), " ", count);
    button.addEventListener("click", () => {
      if (!this.bands.delete(band)) this.bands.add(band);
      setAttribute(button, "aria-pressed", this.bands.has(band));
      this.onChange();
    });
    return { button, count };
  }

  /** What the list shows. */
  get value() {
    const queue = this.queue.value === "*" ? null : this.queue.value;
    return { bands: this.bands, language: this.language.value, queue, text: this.text.value };
  }

  clear() {
    this.bands.clear();
    for (const { button } of this.buttons.values()) setAttribute(button, "aria-pressed", "false");
    this.text.value = "";
    this.language.value = "";
    this.queue.value = "*";
    this.onChange();
  }

  /** Offer what occurs. @param {ReturnType<import("./state.js").overview>} found */
  offer({ bands, languages, queues }) {
    for (const [band, { count }] of this.buttons) setText(count, String(bands[band] ?? 0));
    const drawn = JSON.stringify([languages, queues]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const queueNames = queues.map((queue) => [queue, queue || t("filter.no.queue")]);
    fillSelect(this.language, [["", t("filter.any.language")], ...languages.map((code) => [code, word("language", code)])]);
    fillSelect(this.queue, [["*", t("filter.any.queue")], ...queueNames]);
  }
}

/* New choices; the reader's own stays, also when it occurs no more. */
function fillSelect(select, choices) {
  const { value } = select;
  const kept = select.options.length && !choices.some(([code]) => code === value) ? [[value, value]] : [];
  select.replaceChildren(...[...choices, ...kept].map(([code, name]) => h("option", { value: code }, name)));
  if (select.options.length && value && [...select.options].some((option) => option.value === value)) select.value = value;
}
