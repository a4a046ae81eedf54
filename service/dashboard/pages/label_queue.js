/* The turns that wait for a label, as far as they were fetched; the first is the one in hand.
 *
 * A turn that was labelled or skipped here does not come back until somebody asks anew. */

import { read } from "../api.js";

const PAGE_SIZE = 20;

export class Waiting {
  constructor() {
    this.forget(["", ""]);
  }

  forget(filter) {
    this.filter = filter;
    this.turns = [];
    this.handled = new Set();
    this.left = 0;
    this.isFetched = false;
    this.isOver = false;
  }

  /** The turn in hand; undefined when none waits. */
  get current() {
    return this.turns[0];
  }

  /** Begin anew. @param {string} language @param {string} reason empty means all */
  async ask(language, reason) {
    this.forget([language, reason]);
    await this.fill();
  }

  /** Fetch when nothing is in hand: from the start, because what was labelled has left, and over what was skipped. */
  async fill() {
    let cursor = null;
    while (!this.turns.length && !this.isOver) {
      const page = await read(`/v1/labels/queue?${this.query(cursor)}`);
      const fresh = page.turns.filter((turn) => !this.handled.has(nameOf(turn.conversation_id, turn.turn_id)));
      if (cursor === null) this.left = page.total;
      this.left -= page.turns.length - fresh.length;
      this.turns = fresh;
      this.isFetched = true;
      cursor = page.next_cursor;
      this.isOver = cursor === null && !fresh.length;
    }
  }

  query(cursor) {
    const [language, reason] = this.filter;
    return new URLSearchParams(Object.entries({ limit: PAGE_SIZE, language, reason, cursor: cursor ?? "" }).filter(([, value]) => value)).toString();
  }

  /** The one in hand was labelled or skipped. */
  next() {
    const turn = this.turns.shift();
    this.handled.add(nameOf(turn.conversation_id, turn.turn_id));
    this.left -= 1;
  }

  /** Take this one in hand again. @param {object} turn */
  back(turn) {
    this.handled.delete(nameOf(turn.conversation_id, turn.turn_id));
    this.turns.unshift(turn);
    this.left += 1;
  }

  /** Take this one in hand, of those that were fetched. @param {object} turn */
  choose(turn) {
    this.turns = [turn, ...this.turns.filter((other) => other !== turn)];
  }

  /** Somebody else labelled this one; the one in hand stays. */
  drop(conversationId, turnId) {
    const before = this.turns.length;
    this.turns = this.turns.filter((turn, place) => place === 0 || turn.conversation_id !== conversationId || turn.turn_id !== turnId);
    this.left -= before - this.turns.length;
  }
}

function nameOf(conversationId, turnId) {
  return `${conversationId} ${turnId}`;
}
