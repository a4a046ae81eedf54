/* The page `#/settings`: people, keys, desks, webhooks, alert budgets, retention, and what the service was started with.
 *
 * Each card loads and changes its own part; one that fails says so in its own place. Administrators only, which
 * the service decides. */

import { h } from "../dom.js";
import { t } from "../strings.js";
import { DesksCard } from "./settings_desks.js";
import { KeysCard } from "./settings_keys.js";
import { LimitsCard } from "./settings_limits.js";
import { PeopleCard } from "./settings_people.js";
import { WebhooksCard } from "./settings_webhooks.js";

export class Page {
  /** @param {HTMLElement} place @param {object} board */
  constructor(place, board) {
    this.cards = [new PeopleCard(board), new KeysCard(board), new DesksCard(board), new WebhooksCard(board), new LimitsCard(board)];
    const heading = h("h2", { tabindex: "-1" }, t("settings.heading"));
    place.replaceChildren(heading, ...this.cards.flatMap((card) => card.elements));
  }

  async open() {
    await Promise.all(this.cards.map((card) => card.load()));
  }

  /* A secret or a link that was shown once is not shown again to whoever comes next. */
  close() {
    for (const card of this.cards) card.forget?.();
  }
}
