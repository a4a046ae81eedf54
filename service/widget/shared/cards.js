/* One conversation -> the cards that the demo and the panel have in common: what to do, the curve, phrases, forecast, facts.
 * They are the board's own; each is drawn anew only when what it says has changed, and keeps the focus. */

import { adviceCard, phraseCard } from "/assets/advice.js";
import { redraw } from "/assets/controls.js";
import { h } from "/assets/dom.js";
import { forecastCard } from "/assets/forecast.js";
import { factCards } from "/assets/panel.js";
import { Timeline } from "/assets/timeline.js";

export class Cards {
  /**
   * @param {HTMLElement} place @param {{showTurn: (id: string) => void, tryText: (text: string) => void}} desk
   * @param {HTMLElement} fallback gets the focus when what had it is gone
   * @param {(talk: object) => HTMLElement|null} [phrases] another card of phrases
   */
  constructor(place, desk, fallback, phrases = (talk) => phraseCard(talk, desk)) {
    this.place = place;
    this.fallback = fallback;
    this.phrases = phrases;
    this.timeline = new Timeline(desk);
    this.slots = Object.fromEntries(["advice", "phrases", "forecast", "facts"].map((name) => [name, h("div", { class: "slot" })]));
    const { advice, phrases: said, forecast, facts } = this.slots;
    place.append(advice, said, this.timeline.element, forecast, facts);
    this.drawn = {};
  }

  /** @param {import("/assets/state.js").Talk} talk */
  show(talk) {
    const { messages, steps, ...said } = talk;
    this.place.dataset.band = talk.band;
    this.timeline.draw(steps, [], []);
    this.slot("advice", [said.advice, said.answered], () => [adviceCard(talk)]);
    this.slot("phrases", [said.advice?.phrases, said.language], () => [this.phrases(talk)]);
    this.slot("forecast", [said.forecast, said.level, steps], () => [forecastCard(talk, null)]);
    this.slot("facts", [said, messages.length], () => factCards(talk));
  }

  clear() {
    this.timeline.draw([], [], []);
    for (const slot of Object.values(this.slots)) slot.replaceChildren();
    this.drawn = {};
    delete this.place.dataset.band;
  }

  slot(name, said, content) {
    const told = JSON.stringify(said);
    if (this.drawn[name] === told) return;
    this.drawn[name] = told;
    redraw(this.slots[name], content().filter(Boolean), this.fallback);
  }
}
