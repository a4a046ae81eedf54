/* The form that adds a webhook: where to, what of, and of whom. Folded until somebody wants it. */

import { h } from "../dom.js";
import { LANGUAGE_NAMES, t, word } from "../strings.js";
import { field, select } from "./settings_parts.js";

/** Every event that can be sent, in the order of the form. */
export const EVENT_TYPES = ["alert.raised", "alert.changed", "handoff.changed", "risk.changed", "turn.scored", "label.corrected", "webhook.disabled"];
const PAYLOADS = ["thin", "full"];

/**
 * @param {(body: object, done: () => void) => Promise<void>} add called with what was filled in; `done` empties the form
 * @returns {HTMLElement}
 */
export function webhookForm(add) {
  const url = h("input", { type: "text", inputmode: "url", id: "webhook-url", required: "", maxlength: "2048", placeholder: "https://desk.example/hooks", autocomplete: "off", spellcheck: "false" });
  const description = h("input", { type: "text", id: "webhook-description", maxlength: "200", autocomplete: "off" });
  const queues = h("input", { type: "text", id: "webhook-queues", autocomplete: "off", spellcheck: "false" });
  const payload = select("webhook-payload", PAYLOADS.map((value) => [value, word("webhooks.payload", value)]), "thin");
  const types = choices("webhooks.types", EVENT_TYPES.map((type) => [type, word("webhooks.type", type)]), ["alert.raised"]);
  const languages = choices("webhooks.languages", Object.keys(LANGUAGE_NAMES).map((language) => [language, word("webhooks.language", language)]), []);
  const form = h(
    "form",
    { class: "webhook-form" },
    h("div", { class: "fields" }, field(t("webhooks.url"), url), field(t("webhooks.description"), description)),
    types.element,
    languages.element,
    h("div", { class: "fields" }, field(t("webhooks.queues"), queues), field(t("webhooks.payload"), payload), h("button", { class: "button" }, t("webhooks.add"))),
  );
  const folded = h("details", { class: "webhook-new" }, h("summary", {}, t("webhooks.new")), form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { url: url.value, description: description.value.trim(), types: types.chosen(), languages: languages.chosen(), payload: payload.value };
    const named = queues.value.split(",").map((queue) => queue.trim()).filter(Boolean);
    void add({ ...body, queues: named }, () => (form.reset(), (folded.open = false)));
  });
  return folded;
}

function choices(key, options, given) {
  const boxes = options.map(([value, words]) => {
    const box = h("input", { type: "checkbox", value, checked: given.includes(value) ? "" : null });
    return { box, label: h("label", {}, box, ` ${words}`) };
  });
  const element = h("fieldset", { class: "webhook-choices" }, h("legend", {}, t(key)), ...boxes.map(({ label }) => label));
  return { element, chosen: () => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value) };
}
