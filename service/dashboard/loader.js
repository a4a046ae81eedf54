/* What the filter asks of the service -> the rows: everything of the chosen status and time at first, after each
 * reconnect and when that choice changes, and ids that are searched for, wherever they are. */

import { allConversations, conversationsNamed } from "./api.js";

const DAY_S = 86400;
const TYPING_MS = 300;
/* What is sent to the service stands in an address, so it must be part of an id: words, and what looks like a
 * number of a phone or a card, are looked for here alone. */
const ID_PART = /^(?=.*\d)(?!\d{9,}$)[A-Za-z0-9._:@+~=-]{3,128}$/;

export class Loader {
  /**
   * @param {object} board
   * @param {() => Map<string, object>} board.rows what is known now
   * @param {() => import("./shown.js").Filter} board.filter
   * @param {(message: object) => void} board.dispatch takes `answers` and `loaded` messages
   * @param {(failure: Error) => void} board.fail
   */
  constructor({ rows, filter, dispatch, fail }) {
    Object.assign(this, { rows, filter, dispatch, fail });
    this.loading = null;
    this.isWantedAgain = false;
    this.window = "";
    this.typing = 0;
    this.named = "";
  }

  /** Load everything of the chosen status and time; asked meanwhile, once more. @returns {Promise<boolean>} whether it worked */
  load() {
    if (this.loading) this.isWantedAgain = true;
    this.loading ??= this.run().finally(() => (this.loading = null));
    return this.loading;
  }

  async run() {
    do {
      this.isWantedAgain = false;
      this.window = windowOf(this.filter());
      const before = this.rows();
      const seen = new Set();
      const take = (conversations) => {
        for (const row of conversations) seen.add(row.conversation_id);
        this.dispatch({ type: "answers", conversations });
      };
      try {
        const areAll = await allConversations(parameters(this.filter()), take);
        if (areAll) this.dispatch({ type: "loaded", before, seen });
      } catch (failure) {
        this.fail(failure);
        return false;
      }
    } while (this.isWantedAgain);
    return true;
  }

  /** The filter has changed: fetch what it asks for that was not asked for yet. */
  follow() {
    if (this.window && windowOf(this.filter()) !== this.window) void this.load();
    const text = this.filter().text.trim();
    clearTimeout(this.typing);
    if (text === this.named || !ID_PART.test(text)) return;
    this.typing = setTimeout(() => this.find(text), TYPING_MS);
  }

  async find(part) {
    this.named = part;
    try {
      this.dispatch({ type: "answers", conversations: await conversationsNamed(part) });
    } catch (failure) {
      this.fail(failure);
    }
  }
}

function windowOf({ status, days }) {
  return `${days} ${status === "resolved" || status === "all" ? status : ""}`;
}

/* The service narrows by time and by what is resolved, which is what there may be very much of; the rest is done here. */
function parameters({ status, days }) {
  const resolved = status === "all" ? {} : { resolved: status === "resolved" };
  return { ...resolved, active_since: Math.floor(Date.now() / 1000 - days * DAY_S) };
}
