/* The bell of the frame: how many alerts ask for my queues, and what each new one does in this browser.
 *
 *     AlertWatch -> review (rules.js), in turn with the other tabs (lease.js) -> notices.js, chime.js
 *
 * Everything chosen here is kept in this browser and read anew at every look, so all its tabs agree. */

import { h, setAttribute, setText, svg } from "../dom.js";
import { popover } from "../popover.js";
import { number, plural, t } from "../strings.js";
import { showBadge } from "./badge.js";
import { Chime } from "./chime.js";
import { inTurn } from "./lease.js";
import { BellMenu } from "./menu.js";
import { Notices } from "./notices.js";
import { askingMe, isQuiet, keptLedger, ledgerFrom, review, settingsFrom } from "./rules.js";

const SETTINGS_KEPT_UNDER = "evenkeel.bell.settings";
const LEDGER_KEPT_UNDER = "evenkeel.bell.told";
const LOOK_EVERY_S = 5;
const SHAPE = "M8 1.2a1 1 0 0 1 1 1v.5a4.3 4.3 0 0 1 3.3 4.2v2.6l1.2 2v.8h-11v-.8l1.2-2V6.9A4.3 4.3 0 0 1 7 2.7v-.5a1 1 0 0 1 1-1zM6.3 13.2h3.4a1.7 1.7 0 0 1-3.4 0z";
const STRIKE = "M2 1 15 14";

export class Bell {
  /** @param {HTMLElement} place @param {import("../alert_watch.js").AlertWatch} watch */
  constructor(place, watch) {
    this.watch = watch;
    this.notices = new Notices();
    this.chime = new Chime();
    this.lookedAt = 0;
    this.count = h("b", { class: "bell-count" });
    this.words = h("span", { class: "unseen" });
    this.strike = svg("path", { class: "bell-strike", d: STRIKE });
    const drawing = svg("svg", { class: "bell-shape", viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: SHAPE }), this.strike);
    this.button = h("button", { class: "bell", type: "button" }, drawing, this.count, this.words);
    this.menu = new BellMenu({
      set: (changed) => this.set(changed),
      desktop: (isOn) => this.setDesktop(isOn),
      sound: (isOn) => this.setSound(isOn),
      tryOut: (kind) => this.tryOut(kind),
    });
    place.replaceChildren(this.button, this.menu.element);
    popover(this.button, this.menu.element, () => this.paint());
    watch.follow(() => this.look());
    addEventListener("storage", ({ key }) => key === SETTINGS_KEPT_UNDER && this.paint());
    for (const gesture of ["pointerdown", "keydown"]) addEventListener(gesture, () => this.wakeSound());
    this.paint();
  }

  get settings() {
    return settingsFrom(localStorage.getItem(SETTINGS_KEPT_UNDER));
  }

  set(changed) {
    localStorage.setItem(SETTINGS_KEPT_UNDER, JSON.stringify({ ...this.settings, ...changed }));
    this.paint();
  }

  async setDesktop(isOn) {
    this.set({ desktop: isOn && (await this.notices.ask()) === "granted" });
  }

  async setSound(isOn) {
    this.set({ sound: isOn });
    if (isOn) await this.tryOut("alert");
  }

  async tryOut(kind) {
    await this.chime.unlock();
    this.chime.play(kind, this.settings.volume);
    this.paint();
  }

  /* A browser forgets with every load that this page may sound. */
  async wakeSound() {
    if (this.chime.ready || !this.settings.sound) return;
    await this.chime.unlock();
    this.paint();
  }

  /** Take the alerts as they are now. */
  look() {
    this.lookedAt = Date.now() / 1000;
    this.paint();
    if (this.watch.loaded) void this.lookInTurn();
  }

  async lookInTurn() {
    await inTurn(() => this.tell());
    this.notices.keep(askingMe({ muted: [] }, this.watch.alerts));
  }

  tell() {
    const { settings } = this;
    const canSound = settings.sound && this.chime.ready;
    const found = review(ledgerFrom(localStorage.getItem(LEDGER_KEPT_UNDER)), this.watch.alerts, settings, Date.now() / 1000, canSound);
    localStorage.setItem(LEDGER_KEPT_UNDER, keptLedger(found.ledger));
    if (settings.desktop) for (const alert of found.show) this.notices.show(alert);
    if (found.sound) this.chime.play(found.sound, settings.volume);
  }

  /** Once a second: do-not-disturb may have ended, and the other tabs may have gone. */
  tick(now) {
    if (now - this.lookedAt >= LOOK_EVERY_S) this.look();
    else if (this.menu.element.matches(":popover-open")) this.paint();
  }

  paint() {
    const { settings } = this;
    const now = Date.now() / 1000;
    const asking = askingMe(settings, this.watch.alerts).length;
    const quiet = isQuiet(settings, now);
    setText(this.count, asking ? number(asking) : "");
    setText(this.words, [plural("bell.asking", asking), ...(quiet ? [t("bell.quiet.now")] : [])].join(". "));
    setAttribute(this.button, "data-asking", asking > 0);
    setAttribute(this.button, "aria-busy", this.watch.loaded ? null : "true");
    setAttribute(this.strike, "visibility", quiet ? "visible" : "hidden");
    showBadge(asking);
    this.menu.paint({ settings, alerts: this.watch.alerts, permission: this.notices.permission, chime: { possible: this.chime.possible, ready: this.chime.ready }, now });
  }
}
