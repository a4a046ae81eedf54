/* What the bell opens: how many alerts ask, do not disturb, desktop notifications, sound, and which alerts are heard.
 *
 * Built once and painted again whenever something has changed, so that the focus stays where it is. */

import { countByStatus } from "../alert_state.js";
import { h, setAttribute, setText } from "../dom.js";
import { clock, plural, t, word } from "../strings.js";
import { FLOORS, isQuiet, QUEUES, quietUntil } from "./rules.js";

const SILENCES = ["half_hour", "tomorrow", "off"];

/**
 * @typedef {object} View
 * @property {import("./rules.js").Settings} settings @property {import("../alert_state.js").Alert[]} alerts
 * @property {string} permission of the notifications @property {{possible: boolean, ready: boolean}} chime
 * @property {number} now seconds
 */

export class BellMenu {
  /**
   * @param {object} actions
   * @param {(changed: Partial<import("./rules.js").Settings>) => void} actions.set
   * @param {(isOn: boolean) => void} actions.desktop @param {(isOn: boolean) => void} actions.sound
   * @param {(kind: "alert"|"safety") => void} actions.tryOut
   */
  constructor(actions) {
    this.actions = actions;
    this.heading = h("h2", { id: "bell-heading" }, t("bell.heading"));
    this.state = h("p", { class: "bell-state" });
    this.element = h(
      "div",
      { class: "bell-menu", role: "dialog", "aria-labelledby": "bell-heading" },
      h("div", { class: "bell-head" }, this.heading, h("a", { href: "#/alerts" }, t("bell.all"))),
      this.state,
      this.quietPart(),
      this.desktopPart(),
      this.soundPart(),
      this.whichPart(),
      h("p", { class: "hint" }, t("bell.kept")),
    );
    this.element.querySelector("a").addEventListener("click", () => this.element.hidePopover());
  }

  quietPart() {
    this.quiet = h("p", { class: "bell-quiet", role: "status" });
    this.silences = SILENCES.map((choice) => this.silence(choice));
    this.wake = button(t("bell.quiet.end"), () => {
      this.actions.set({ quiet: null });
      this.silences[0].element.focus();
    });
    this.through = toggle(t("bell.quiet.safety"), (isOn) => this.actions.set({ safetyThrough: isOn }));
    this.silencesGroup = h("div", { class: "bell-choices" }, ...this.silences.map(({ element }) => element));
    return part("bell.quiet", this.quiet, this.silencesGroup, this.wake, this.through.element);
  }

  silence(choice) {
    const element = button("", () => {
      this.actions.set({ quiet: { until: quietUntil(choice, new Date()) } });
      this.wake.focus();
    });
    return { choice, element };
  }

  desktopPart() {
    this.desktop = toggle(t("bell.desktop.on"), this.actions.desktop);
    this.desktopHint = hint(this.desktop, "bell-desktop-hint");
    return part("bell.desktop", this.desktop.element, this.desktopHint);
  }

  soundPart() {
    this.sound = toggle(t("bell.sound.on"), this.actions.sound);
    this.soundHint = hint(this.sound, "bell-sound-hint");
    this.volume = h("input", { type: "range", min: 5, max: 100, step: 5, id: "bell-volume" });
    this.volume.addEventListener("change", () => this.actions.set({ volume: Number(this.volume.value) }));
    const tries = ["alert", "safety"].map((kind) => button(t(`bell.sound.try.${kind}`), () => this.actions.tryOut(kind)));
    this.volumePart = h("div", { class: "bell-volume" }, h("label", { for: "bell-volume" }, t("bell.sound.volume")), this.volume, h("div", { class: "bell-choices" }, ...tries));
    return part("bell.sound", this.sound.element, this.soundHint, this.volumePart);
  }

  whichPart() {
    this.queues = QUEUES.map((queue) => [queue, toggle(word("queue", queue), (isOn) => this.choose(queue, isOn), "check")]);
    this.floors = Object.entries(FLOORS).map(([name, values]) => this.floor(name, values));
    const queues = h("fieldset", { class: "bell-queues" }, h("legend", { class: "bell-label" }, t("bell.queues")), ...this.queues.map(([, { element }]) => element));
    return part("bell.which", queues, ...this.floors.map(({ element }) => element), h("p", { class: "hint" }, t("bell.which.safety")));
  }

  floor(name, values) {
    const id = `bell-${name}`;
    const select = h("select", { id }, ...values.map((value) => h("option", { value }, t(`bell.from.${name}.${value}`))));
    select.addEventListener("change", () => this.actions.set({ [name]: select.value }));
    return { name, select, element: h("p", { class: "bell-floor" }, h("label", { for: id }, t(`bell.from.${name}`)), select) };
  }

  choose(queue, isOn) {
    const others = this.muted.filter((muted) => muted !== queue);
    this.actions.set({ muted: isOn ? others : [...others, queue] });
  }

  /** @param {View} view */
  paint({ settings, alerts, permission, chime, now }) {
    this.muted = settings.muted;
    setText(this.state, stateOf(alerts));
    this.paintQuiet(settings, now);
    this.desktop.set(settings.desktop && permission === "granted", permission !== "unsupported" && permission !== "insecure");
    setText(this.desktopHint, desktopHint(permission));
    this.sound.set(settings.sound, chime.possible);
    setText(this.soundHint, soundHint(settings, chime));
    setAttribute(this.volumePart, "hidden", settings.sound ? null : "");
    if (document.activeElement !== this.volume) this.volume.value = String(settings.volume);
    for (const [queue, { set }] of this.queues) set(!settings.muted.includes(queue), true);
    for (const { name, select } of this.floors) select.value = settings[name];
  }

  paintQuiet(settings, now) {
    const isOn = isQuiet(settings, now);
    const until = settings.quiet?.until ?? null;
    setText(this.quiet, !isOn ? "" : until === null ? t("bell.quiet.now") : t("bell.quiet.until", { time: clock(until) }));
    setAttribute(this.silencesGroup, "hidden", isOn ? "" : null);
    setAttribute(this.wake, "hidden", isOn ? null : "");
    for (const { choice, element } of this.silences) {
      setText(element, t(`bell.quiet.${choice}`, { time: clock(quietUntil("tomorrow", new Date(now * 1000))) }));
    }
    this.through.set(settings.safetyThrough, true);
  }
}

function stateOf(alerts) {
  const counts = countByStatus(alerts);
  const others = ["acknowledged", "snoozed", "held"].filter((status) => counts[status]);
  return [plural("bell.asking", counts.raised), ...others.map((status) => plural(`bell.count.${status}`, counts[status]))].join(" · ");
}

function desktopHint(permission) {
  return permission === "granted" || permission === "default" ? t("bell.desktop.hint") : t(`bell.desktop.${permission}`);
}

function soundHint({ sound }, { possible, ready }) {
  if (!possible) return t("bell.sound.unsupported");
  return sound && !ready ? t("bell.sound.gesture") : "";
}

function part(key, ...children) {
  return h("fieldset", { class: "bell-part" }, h("legend", {}, t(key)), ...children);
}

function button(text, onClick) {
  const element = h("button", { class: "button quiet", type: "button" }, text);
  element.addEventListener("click", onClick);
  return element;
}

/* A checkbox with its words; `set` writes what is in force, which a click alone does not decide. */
function toggle(text, onChange, role = "switch") {
  const input = h("input", { type: "checkbox", role: role === "switch" ? "switch" : null });
  input.addEventListener("change", () => onChange(input.checked));
  const set = (isOn, isPossible) => {
    input.checked = isOn;
    input.disabled = !isPossible;
  };
  return { input, set, element: h("label", { class: role }, input, h("span", {}, text)) };
}

function hint({ input }, id) {
  setAttribute(input, "aria-describedby", id);
  return h("p", { class: "hint", id, role: "status" });
}
