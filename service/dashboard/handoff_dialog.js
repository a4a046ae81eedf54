/* Giving a conversation back or closing it -> a question with room for a note, and for the outcome. */

import { button } from "./controls.js";
import { h } from "./dom.js";
import { t } from "./strings.js";

const OUTCOMES = ["solved", "unsolved", "false_alarm"];
const MAX_NOTE_CHARS = 2000;

/**
 * Ask, and send; it closes when `act` was done, and otherwise shows why not. The note is not lost then.
 * @param {"return"|"resolve"} action
 * @param {HTMLElement} place where the dialog stands while it is open
 * @param {(said: {note?: string, outcome?: string}) => Promise<string|null>} act null when it was done, else why not
 * @param {() => void} closed called when it is gone
 */
export function askNote(action, place, act, closed) {
  const field = h("textarea", { id: "handoff-note", rows: "4", maxlength: String(MAX_NOTE_CHARS), "aria-describedby": "handoff-note-hint", autofocus: action === "return" ? "" : null });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const cancel = button(t("handoff.cancel"), () => dialog.close());
  const form = h(
    "form",
    { class: "dialog-form" },
    h("h2", { id: "handoff-ask", tabindex: "-1" }, t(`handoff.ask.${action}`)),
    action === "resolve" ? outcomes() : null,
    h("label", { for: "handoff-note" }, t(`handoff.note.${action}`)),
    field,
    h("p", { class: "hint", id: "handoff-note-hint" }, t("handoff.note.hint")),
    wrong,
    h("div", { class: "dialog-buttons" }, h("button", { class: "button", type: "submit" }, t(`handoff.do.${action}`)), cancel),
  );
  const dialog = h("dialog", { class: "ask", "aria-labelledby": "handoff-ask" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    const refused = await act(said(form, field));
    if (refused === null) dialog.close();
    else wrong.textContent = refused;
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  place.append(dialog);
  dialog.showModal();
}

function outcomes() {
  const choices = OUTCOMES.map((name, i) => h("label", { class: "radio" }, h("input", { type: "radio", name: "outcome", value: name, required: "", autofocus: i === 0 ? "" : null }), h("span", {}, t(`outcome.${name}`), h("small", {}, t(`outcome.hint.${name}`)))));
  return h("fieldset", { class: "outcomes" }, h("legend", {}, t("handoff.outcome")), ...choices);
}

function said(form, field) {
  const note = field.value.trim();
  const outcome = new FormData(form).get("outcome");
  return { ...(note ? { note } : {}), ...(outcome ? { outcome: String(outcome) } : {}) };
}
