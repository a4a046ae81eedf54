/* An alert -> a notification of the desktop: queue, risk, reason and the conversation's id, never a customer's words.
 *
 * The alert's id is the tag, so whatever happens to it replaces what is shown; when it asks no more, it goes. */

import { addressOf } from "../address.js";
import { language, percent, plural, t, word } from "../strings.js";

/** Title and text of an alert's notification. @param {object} alert */
export function wording(alert) {
  const title = t("bell.notice", { band: word("band", alert.band), risk: percent(alert.level), queue: word("queue", alert.queue) });
  const [first, ...more] = alert.reasons;
  const why = first?.because ?? word("action", alert.action);
  const others = more.length ? [plural("bell.notice.more", more.length)] : [];
  return { title, body: [why, ...others, alert.conversation_id].join("\n") };
}

export class Notices {
  constructor() {
    this.shown = new Map(); // alert id -> {notification, merged}
    this.broken = false;
  }

  /** @returns {"unsupported"|"insecure"|"granted"|"denied"|"default"} */
  get permission() {
    if (!globalThis.isSecureContext) return "insecure";
    return this.broken || !("Notification" in globalThis) ? "unsupported" : Notification.permission;
  }

  /** Ask the reader for the permission; only a click may do that. */
  async ask() {
    if (this.permission === "default") await Notification.requestPermission();
    return this.permission;
  }

  /** @param {object} alert @param {boolean} anew false changes what is shown without calling for attention again */
  show(alert, anew = true) {
    if (this.permission !== "granted") return;
    const { title, body } = wording(alert);
    // Our own sound is a choice of its own; somebody may get hurt: that one stays until it is read.
    const options = { body, tag: alert.alert_id, renotify: anew, silent: true, lang: language(), requireInteraction: alert.queue === "safety" };
    const notification = this.made(title, options);
    if (!notification) return;
    this.shown.set(alert.alert_id, { notification, merged: alert.merged });
    notification.onclose = () => this.forget(alert.alert_id, notification);
    notification.onclick = () => {
      window.focus();
      location.hash = addressOf(alert.conversation_id);
      notification.close();
    };
  }

  /* Browsers of phones have the permission, but no such constructor. */
  made(title, options) {
    try {
      return new Notification(title, options);
    } catch (failure) {
      if (!(failure instanceof TypeError)) throw failure;
      this.broken = true;
      return null;
    }
  }

  /** Bring what is shown up to date: another reason joined, or it asks no more. @param {object[]} asking */
  keep(asking) {
    const live = new Map(asking.map((alert) => [alert.alert_id, alert]));
    for (const [id, { notification, merged }] of [...this.shown]) {
      const alert = live.get(id);
      if (!alert) {
        this.shown.delete(id);
        notification.close();
      } else if (alert.merged > merged) this.show(alert, false);
    }
  }

  /* A replaced notification closes too; the one in its place stays known. */
  forget(id, notification) {
    if (this.shown.get(id)?.notification === notification) this.shown.delete(id);
  }
}
