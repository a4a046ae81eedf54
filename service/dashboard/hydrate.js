/* Rows in sight -> their latest words, fetched a few at a time.
 *
 * The list brings the words that a conversation had when it was read. The stream tells where it stands
 * from then on but never what was said, so new words are asked for, and only where somebody can read
 * them: a busy service is asked for twenty conversations, not for all. */

const AT_ONCE = 4;

export class Hydrator {
  /**
   * @param {(id: string) => Promise<object>} fetchOne
   * @param {(message: object) => void} dispatch takes `answers` and `gone` messages
   * @param {(failure: Error) => void} onFailure told of everything but an erased conversation
   */
  constructor(fetchOne, dispatch, onFailure) {
    this.fetchOne = fetchOne;
    this.dispatch = dispatch;
    this.onFailure = onFailure;
    this.wanted = [];
    this.busy = new Set();
    this.failed = new Map();
  }

  /** These rows are in sight now; earlier wishes that were not begun are forgotten. @param {import("./state.js").Row[]} rows */
  want(rows) {
    this.wanted = rows.filter((row) => row.knownTurns < row.turns && this.failed.get(row.id) !== row.turns);
    this.next();
  }

  next() {
    while (this.busy.size < AT_ONCE) {
      const row = this.wanted.find(({ id }) => !this.busy.has(id));
      if (!row) return;
      this.wanted = this.wanted.filter((other) => other !== row);
      this.busy.add(row.id);
      this.fetch(row);
    }
  }

  /** Ask again for what failed before: the service answers again. */
  forgive() {
    this.failed.clear();
  }

  async fetch({ id, turns }) {
    try {
      this.dispatch({ type: "answers", conversations: [await this.fetchOne(id)] });
    } catch (failure) {
      if (failure.status === 404) this.dispatch({ type: "gone", id });
      else this.giveUp(id, turns, failure);
    }
    this.busy.delete(id);
    this.next();
  }

  /* Asked again when the conversation has moved on, or after a reconnect; never in a loop. */
  giveUp(id, turns, failure) {
    this.failed.set(id, turns);
    this.onFailure(failure);
  }
}
