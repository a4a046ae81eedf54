/* Rows in sight -> their latest words, fetched some at a time.
 *
 * The list brings the words that a conversation had when it was read. The stream tells where it stands
 * from then on but never what was said, so new words are asked for, and only where somebody can read
 * them: a busy service is asked for what is in sight, not for all, and a few times a second at most. */

const AT_ONCE = 25;
const PAUSE_MS = 250;

export class Hydrator {
  /**
   * @param {(ids: string[]) => Promise<object[]>} fetchSome those of them that exist, as the API lists them
   * @param {(message: object) => void} dispatch takes `answers` and `gone` messages
   * @param {(failure: Error) => void} onFailure
   */
  constructor(fetchSome, dispatch, onFailure) {
    this.fetchSome = fetchSome;
    this.dispatch = dispatch;
    this.onFailure = onFailure;
    this.inSight = new Map(); // id -> how many turns it has
    this.needed = new Set();
    this.failed = new Map();
    this.isBusy = false;
  }

  /** These rows are in sight now; earlier wishes that were not begun are forgotten. @param {import("./state.js").Row[]} rows */
  want(rows) {
    const lacking = rows.filter((row) => row.knownTurns < row.turns && this.failed.get(row.id) !== row.turns);
    this.inSight = new Map(lacking.map((row) => [row.id, row.turns]));
    void this.run();
  }

  /** These are not known at all yet, in sight or not. @param {string[]} ids */
  need(ids) {
    for (const id of ids) this.needed.add(id);
    void this.run();
  }

  /** Ask again for what failed before: the service answers again. */
  forgive() {
    this.failed.clear();
  }

  async run() {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let wanted = this.next(); wanted.size; wanted = this.next()) {
        await this.fetch(wanted);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    } finally {
      this.isBusy = false;
    }
  }

  next() {
    const wanted = new Map([...this.inSight, ...[...this.needed].map((id) => [id, 0])].slice(0, AT_ONCE));
    for (const id of wanted.keys()) {
      this.inSight.delete(id);
      this.needed.delete(id);
    }
    return wanted;
  }

  async fetch(wanted) {
    try {
      const conversations = await this.fetchSome([...wanted.keys()]);
      this.dispatch({ type: "answers", conversations });
      for (const { conversation_id: id } of conversations) wanted.delete(id);
      for (const id of wanted.keys()) this.dispatch({ type: "gone", id });
    } catch (failure) {
      // Asked again when a conversation has moved on, or after a reconnect; never in a loop.
      for (const [id, turns] of wanted) this.failed.set(id, turns);
      this.onFailure(failure);
    }
  }
}
