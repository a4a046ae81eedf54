/* Card of the settings: who works at the board, what they may, and links that sign them in. */

import { read, send } from "../api.js";
import { byId, h } from "../dom.js";
import { me, meet } from "../me.js";
import { showPerson } from "../person.js";
import { clock, t, word } from "../strings.js";
import { button, card, field, Said, select, shownOnce, sureButton, table } from "./settings_parts.js";

const ROLES = ["agent", "supervisor", "admin"];

export class PeopleCard {
  /** @param {object} board */
  constructor(board) {
    this.board = board;
    this.said = new Said(board);
    this.once = h("div", {});
    this.body = h("tbody", {});
    const headers = ["name", "role", "status", "actions"].map((column) => t(`settings.people.${column}`));
    this.elements = [card("settings.people", table(t("settings.people.caption"), headers, this.body), this.once, this.form(), this.said.element)];
  }

  async load() {
    const { people } = await read("/v1/people");
    this.body.replaceChildren(...people.map((person) => this.row(person)));
  }

  forget() {
    this.once.replaceChildren();
    this.endRename?.();
    this.said.clear();
  }

  row(person) {
    const active = person.deactivated_at === null;
    const own = person.name === me()?.name;
    const name = h("th", { scope: "row" }, person.display_name, h("small", {}, own ? t("settings.people.you", { name: person.name }) : person.name));
    const status = active ? t("settings.people.active") : t("settings.people.deactivated", { time: clock(person.deactivated_at) });
    return h("tr", { "data-name": person.name, "data-active": String(active) }, name, h("td", {}, this.role(person)), h("td", {}, status), h("td", { class: "actions" }, ...this.actions(person, active)));
  }

  role(person) {
    const chosen = select(`role-${person.name}`, ROLES.map((role) => [role, word("person.role", role)]), person.role);
    chosen.setAttribute("aria-label", t("settings.people.role.of", { name: person.name }));
    chosen.disabled = person.deactivated_at !== null;
    chosen.addEventListener("change", () => this.change(person, { role: chosen.value }, t("settings.people.role.set", { name: person.name, role: word("person.role", chosen.value) })));
    return chosen;
  }

  actions(person, active) {
    const { name } = person;
    if (!active) return [button(t("settings.people.reactivate"), () => this.change(person, { deactivated: false }, t("settings.people.reactivate.done", { name })), t("settings.people.reactivate.of", { name }))];
    return [
      button(t("settings.people.link"), () => this.link(person), t("settings.people.link.of", { name })),
      this.renameButton(person),
      sureButton(t("settings.people.deactivate"), t("settings.people.deactivate.sure"), () => this.change(person, { deactivated: true }, t("settings.people.deactivate.done", { name })), t("settings.people.deactivate.of", { name })),
    ];
  }

  async change(person, change, done) {
    const known = { 409: t("settings.people.last"), 422: t("settings.people.invalid") };
    const isDone = await this.said.try(() => send("PATCH", address(person), change), known);
    if (isDone) this.said.say(done);
    await this.said.reload(this);
    return isDone;
  }

  renameButton(person) {
    const made = button(t("settings.people.rename"), () => this.askName(person), t("settings.people.rename.of", { name: person.name }));
    made.dataset.do = "rename";
    return made;
  }

  /* In the place of the name that it changes, one at a time; ends with the focus where it was opened. */
  askName(person) {
    this.endRename?.();
    const place = this.rowOf(person).querySelector("th");
    const before = [...place.childNodes];
    const shown = h("input", { type: "text", id: "person-rename", value: person.display_name, required: "", maxlength: "64", autocomplete: "off" });
    this.endRename = () => {
      this.endRename = null;
      place.replaceChildren(...before);
      this.focusOn(person);
    };
    const cancel = button(t("settings.cancel"), () => this.endRename());
    const save = h("button", { class: "button small" }, t("settings.save"));
    const form = h("form", { class: "rename" }, field(t("settings.people.rename.shown", { name: person.name }), shown), save, cancel);
    form.addEventListener("submit", (event) => (event.preventDefault(), this.rename(person, shown.value.trim())));
    form.addEventListener("keydown", (event) => event.key === "Escape" && this.endRename());
    place.replaceChildren(form);
    shown.select();
  }

  async rename(person, shown) {
    this.endRename = null;
    const isDone = await this.change(person, { display_name: shown }, t("settings.people.rename.done", { name: person.name, shown }));
    this.focusOn(person);
    if (!isDone || person.name !== me()?.name) return;
    await meet();
    showPerson(byId("person"), this.board.fail);
  }

  rowOf({ name }) {
    return [...this.body.rows].find((row) => row.dataset.name === name);
  }

  focusOn(person) {
    this.rowOf(person)?.querySelector("[data-do=rename]")?.focus();
  }

  async link(person) {
    await this.said.try(async () => {
      const { path, expires_at: until } = await send("POST", `${address(person)}/sign-in-link`);
      const hint = t("settings.people.link.hint", { name: person.display_name, time: clock(until) });
      this.once.replaceChildren(shownOnce(t("settings.people.link.label", { name: person.name }), `${location.origin}${path}`, hint, () => this.forget()));
    });
  }

  form() {
    const name = h("input", { type: "text", id: "person-new-name", required: "", maxlength: "64", autocomplete: "off", spellcheck: "false", autocapitalize: "none" });
    const shown = h("input", { type: "text", id: "person-new-shown", maxlength: "64", autocomplete: "off" });
    const role = select("person-new-role", ROLES.map((value) => [value, word("person.role", value)]), "agent");
    const form = h(
      "form",
      { class: "fields" },
      field(t("settings.people.new.name"), name),
      field(t("settings.people.new.shown"), shown),
      field(t("settings.people.role"), role),
      h("button", { class: "button" }, t("settings.people.add")),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const body = { name: name.value, role: role.value, ...(shown.value.trim() ? { display_name: shown.value } : {}) };
      const known = { 409: t("settings.people.taken"), 422: t("settings.people.invalid") };
      if (!(await this.said.try(() => send("POST", "/v1/people", body), known))) return name.focus();
      this.said.say(t("settings.people.added", { name: body.name.trim() }));
      form.reset();
      await this.said.reload(this);
    });
    return form;
  }
}

function address({ name }) {
  return `/v1/people/${encodeURIComponent(name)}`;
}
