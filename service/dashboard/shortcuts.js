/* The dialog that lists the keys, and whether those of a single character are on: kept in this browser only. */

import { h } from "./dom.js";
import { t } from "./strings.js";

const KEPT_UNDER = "evenkeel.letters";

/* What is said, its keys, and whether the switch concerns them. */
const KEYS = [
  ["keys.move", ["↓", "↑"], false],
  ["keys.move", ["j", "k"], true],
  ["keys.ends", ["Home", "End"], false],
  ["keys.page", ["PageUp", "PageDown"], false],
  ["keys.open", ["Enter"], false],
  ["keys.back", ["Esc"], false],
  ["keys.search", ["/"], true],
  ["keys.bands", ["1", "2", "3", "4"], true],
  ["keys.mine", ["m"], true],
  ["keys.needs", ["n"], true],
  ["keys.help", ["?"], true],
];

/** Whether keys of a single character do anything. */
export function areLettersOn() {
  return localStorage.getItem(KEPT_UNDER) !== "off";
}

/** Show the keys. */
export function showShortcuts() {
  const dialog = h("dialog", { class: "shortcuts", "aria-labelledby": "shortcuts-heading" });
  const close = h("button", { class: "button", type: "button" }, t("keys.close"));
  close.addEventListener("click", () => dialog.close());
  dialog.append(h("h2", { id: "shortcuts-heading" }, t("keys.heading")), keyTable(), lettersSwitch(dialog), close);
  // Closed in whatever way, it leaves nothing behind; the browser gives the focus back by itself.
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
}

function keyTable() {
  const head = h("tr", {}, h("th", { scope: "col" }, t("keys.key")), h("th", { scope: "col" }, t("keys.does")));
  const rows = KEYS.map(([said, keys, isLetter]) => h("tr", { class: isLetter ? "letter" : null }, h("td", {}, ...keys.map((key) => h("kbd", {}, key))), h("td", {}, t(said))));
  return h("table", {}, h("caption", { class: "unseen" }, t("keys.heading")), h("thead", {}, head), h("tbody", {}, ...rows));
}

function lettersSwitch(dialog) {
  const box = h("input", { type: "checkbox", id: "letters" });
  const mark = () => dialog.classList.toggle("letters-off", !areLettersOn());
  box.checked = areLettersOn();
  mark();
  box.addEventListener("change", () => {
    localStorage.setItem(KEPT_UNDER, box.checked ? "on" : "off");
    mark();
  });
  return h("p", { class: "letters-switch" }, box, h("label", { for: "letters" }, t("keys.letters")));
}
