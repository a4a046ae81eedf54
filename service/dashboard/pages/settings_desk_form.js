/* The form that connects a desk: which one, and what that one asks for. Folded until somebody wants it. */

import { h } from "../dom.js";
import { t, word } from "../strings.js";
import { field, select } from "./settings_parts.js";

/**
 * @param {object[]} kinds what each desk asks for, as the service lists it
 * @param {(body: object, done: () => void) => Promise<void>} add called with what was filled in; `done` empties the form
 * @returns {HTMLElement}
 */
export function deskForm(kinds, add) {
  const kind = select("desk-kind", kinds.map((desk) => [desk.kind, titleOf(desk)]), kinds[0].kind);
  const name = h("input", { type: "text", id: "desk-name", required: "", maxlength: "64", autocomplete: "off" });
  const asked = h("div", { class: "fields" });
  let controls = [];
  const fit = () => {
    const desk = kinds.find((one) => one.kind === kind.value);
    controls = [...desk.options.map((one) => control("options", one)), ...desk.secrets.map((one) => control("secrets", one))];
    asked.replaceChildren(...controls.map(({ element }) => element));
  };
  kind.addEventListener("change", fit);
  fit();
  const form = h(
    "form",
    { class: "desk-form" },
    h("div", { class: "fields" }, field(t("desks.kind"), kind), field(t("desks.name"), name)),
    asked,
    h("div", {}, h("button", { class: "button" }, t("desks.add"))),
  );
  const folded = h("details", { class: "desk-new" }, h("summary", {}, t("desks.new")), form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { kind: kind.value, name: name.value.trim(), options: {}, secrets: {} };
    for (const { group, key, read } of controls) if (read() !== null) body[group][key] = read();
    void add(body, () => (form.reset(), fit(), (folded.open = false)));
  });
  return folded;
}

/** A desk's own name; the generic one has words. @param {{kind: string, title: string}} desk */
export function titleOf({ kind, title }) {
  return kind === "generic" ? t("desks.generic") : title;
}

function control(group, asked) {
  const id = `desk-${asked.name}`;
  const needed = asked.required && !asked.generated;
  const common = { id, required: needed ? "" : null, autocomplete: "off", spellcheck: "false" };
  const made = elementOf(group, asked, common, id);
  const notes = [asked.generated ? t("desks.generated") : needed || asked.kind === "choice" ? null : t("desks.optional")].filter(Boolean);
  const element = field([word("desks.field", asked.name), ...notes].join(" · "), made);
  if (asked.kind === "long") element.classList.add("wide");
  const read = () => (made.value.trim() === "" ? null : asked.kind === "integer" ? Number(made.value) : made.value);
  return { group, key: asked.name, element, read };
}

function elementOf(group, asked, common, id) {
  if (asked.kind === "choice") return select(id, asked.choices.map((value) => [value, word("desks.choice", value)]), asked.default ?? asked.choices[0]);
  if (asked.kind === "long") return h("textarea", { ...common, rows: "12", class: "mono" });
  if (group === "secrets") return h("input", { ...common, type: "password", autocomplete: "new-password", minlength: "8", maxlength: "500" });
  if (asked.kind === "integer") return h("input", { ...common, type: "number", min: "1", step: "1" });
  return h("input", { ...common, type: "text", inputmode: asked.kind === "url" ? "url" : null, placeholder: asked.kind === "url" ? "https://desk.example" : (asked.default ?? "") });
}
