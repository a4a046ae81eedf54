/* The live alerts as the service has them now -> whoever shows them: the bell, the page of alerts, the open conversation.
 *
 *     stream -> AlertWatch -> bell/bell.js, pages/alerts.js, conversation_alerts.js
 *
 * Events only say "look again": the list is read anew, at once for the first and at most once a second while
 * they keep coming, so it is right after a reconnect too. What somebody asks for here is shown at once, marked
 * as pending, and replaced by what the service answers. */

import { changeAlert, findAlert, liveAlerts } from "./alert_calls.js";
import { expected } from "./alert_state.js";

const GAP_MS = 1000;
const LOOK_AGAIN_S = 60; // an erased conversation takes its alert along without an event

export class AlertWatch {
  /** @param {(failure: Error) => void} onFailure told when the list cannot be read */
  constructor(onFailure) {
    this.onFailure = onFailure;
    this.listeners = new Set();
    this.known = []; // as the service answered last
    this.asked = new Map(); // id -> what it should become, while the service has not answered
    this.loaded = false;
    this.reading = false;
    this.again = false;
    this.version = 0; // grows with every answer to a change: a list that was asked for before knows nothing of it
    this.readAt = 0;
    this.timer = 0;
  }

  /** The live alerts, the most urgent first. @returns {import("./alert_state.js").Alert[]} */
  get alerts() {
    return this.known.map((alert) => this.asAsked(alert));
  }

  /** This alert as it was asked here to become, while the service has not answered; else as given. @param {object} alert */
  asAsked(alert) {
    return this.asked.get(alert.alert_id) ?? alert;
  }

  /** Be told of every change. @param {() => void} listener @returns {() => void} ends it */
  follow(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Take an event of the stream. */
  event({ type, conversationId, data }) {
    if (type.startsWith("alert.")) this.refresh();
    // A live alert's height grows without an event of its own.
    else if (type === "turn.scored" && this.known.some((alert) => alert.conversation_id === conversationId && data.level > alert.level)) this.refresh();
  }

  tick(now) {
    if (this.loaded && now - this.readAt > LOOK_AGAIN_S) this.refresh();
  }

  /** Read the list soon. */
  refresh() {
    if (this.reading) this.again = true;
    else this.timer ||= setTimeout(() => this.load(), Math.max(0, this.readAt * 1000 + GAP_MS - Date.now()));
  }

  /** Read the list now. */
  async load() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.reading) return void (this.again = true);
    this.reading = true;
    await this.read().catch(this.onFailure);
    this.reading = false;
    this.readAt = Date.now() / 1000;
    if (!this.again) return;
    this.again = false;
    this.refresh();
  }

  async read() {
    const { version } = this;
    const alerts = await liveAlerts();
    if (version !== this.version) return void (this.again = true);
    this.known = alerts;
    this.loaded = true;
    this.tell();
  }

  /**
   * Ask for a change; it is shown at once. The answer is the alert as it stands now, also where somebody else was
   * first (`refused`), and null when it is gone. Throws an ApiError for anything else.
   * @param {import("./alert_state.js").Alert} alert @param {object} change as `changeAlert` sends it
   * @returns {Promise<{alert: object|null, refused: boolean}>}
   */
  async change(alert, change) {
    const id = alert.alert_id;
    this.asked.set(id, expected(alert, change, Date.now() / 1000));
    this.tell();
    try {
      const answer = await changeAlert(id, change).then((after) => ({ alert: after, refused: false }), (failure) => this.refused(id, failure));
      this.put(id, answer.alert);
      return answer;
    } finally {
      this.asked.delete(id);
      this.tell();
    }
  }

  async refused(id, failure) {
    if (failure.status === 404) return { alert: null, refused: true };
    if (failure.status !== 409) throw failure;
    return { alert: await findAlert(id), refused: true };
  }

  /* Into the list as the service knows it; what has ended leaves it. */
  put(id, alert) {
    this.version += 1;
    const isLive = alert !== null && alert.ended_at === null;
    this.known = this.known.flatMap((known) => (known.alert_id !== id ? [known] : isLive ? [alert] : []));
  }

  tell() {
    for (const listener of this.listeners) listener();
  }
}
