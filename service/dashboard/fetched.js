/* A request that may be wanted again while it runs -> one at a time, and what is taken last was asked last. */

import { ApiError } from "./api.js";

export class Fetched {
  /**
   * @param {() => Promise<object>} load
   * @param {(answer: object) => void} take
   * @param {(failure: ApiError) => void} fail
   */
  constructor(load, take, fail) {
    this.calls = { load, take, fail };
    this.current = null;
    this.again = false;
    this.stopped = false;
  }

  /** Ask, or ask once more after the request that runs: it may have been answered before what happened now. */
  ask() {
    this.again = true;
    this.current ??= this.run();
    return this.current;
  }

  async run() {
    while (this.again && !this.stopped) {
      this.again = false;
      await this.once();
    }
    this.current = null;
  }

  async once() {
    try {
      const answer = await this.calls.load();
      if (!this.stopped) this.calls.take(answer);
    } catch (failure) {
      if (!(failure instanceof ApiError)) throw failure;
      if (!this.stopped) this.calls.fail(failure);
    }
  }

  /** Take no answer any more. */
  stop() {
    this.stopped = true;
  }
}
