/* Card of the settings: the keys by which other programs call. */

import { read, send } from "../api.js";
import { h } from "../dom.js";
import { clock, t, word } from "../strings.js";
import { card, field, Said, select, shownOnce, sureButton, table } from "./settings_parts.js";

const KINDS = ["secret", "publishable"];
const ANSWERS = ["full", "none"];

export class KeysCard {
  /** @param {object} board */
  constructor(board) {
    this.said = new Said(board);
    this.once = h("div", {});
    this.body = h("tbody", {});
    const headers = ["name", "kind", "used", "status", "actions"].map((column) => t(`settings.keys.${column}`));
    this.elements = [card("settings.keys", table(t("settings.keys.caption"), headers, this.body), this.once, this.form(), this.said.element)];
  }

  async load() {
    const { keys } = await read("/v1/keys");
    // Those in use first; what was revoked stays to be seen.
    const sorted = [...keys].sort((a, b) => (a.revoked_at !== null) - (b.revoked_at !== null));
    const none = h("tr", {}, h("td", { colspan: "5" }, t("settings.keys.none")));
    this.body.replaceChildren(...(sorted.length ? sorted.map((key) => this.row(key)) : [none]));
  }

  forget() {
    this.once.replaceChildren();
    this.said.clear();
  }

  row(key) {
    const active = key.revoked_at === null;
    const status = active ? t("settings.keys.active", { time: clock(key.created_at) }) : t("settings.keys.revoked", { time: clock(key.revoked_at) });
    const used = key.last_used_at === null ? t("settings.keys.never") : clock(key.last_used_at);
    const revoke = sureButton(t("settings.keys.revoke"), t("settings.keys.revoke.sure"), () => this.revoke(key), t("settings.keys.revoke.of", { name: key.name }));
    return h(
      "tr",
      { "data-name": key.name, "data-active": String(active) },
      h("th", { scope: "row" }, key.name, h("small", { class: "mono" }, `${key.prefix}…`)),
      h("td", {}, word("settings.keys.kind", key.kind), ...key.origins.map((origin) => h("small", {}, origin)), key.answers === "none" ? h("small", {}, word("settings.keys.answers", "none")) : null),
      h("td", { "data-label": t("settings.keys.used") }, used),
      h("td", {}, status),
      h("td", { class: "actions" }, active ? revoke : null),
    );
  }

  async revoke(key) {
    if (await this.said.try(() => send("DELETE", `/v1/keys/${encodeURIComponent(key.id)}`))) this.said.say(t("settings.keys.revoke.done", { name: key.name }));
    await this.said.reload(this);
  }

  form() {
    const name = h("input", { type: "text", id: "key-new-name", required: "", maxlength: "64", autocomplete: "off" });
    const kind = select("key-new-kind", KINDS.map((value) => [value, word("settings.keys.kind", value)]), "secret");
    const origins = h("input", { type: "text", id: "key-new-origins", placeholder: "https://shop.example", autocomplete: "off", spellcheck: "false" });
    const originsField = field(t("settings.keys.new.origins"), origins);
    const answers = select("key-new-answers", ANSWERS.map((value) => [value, word("settings.keys.answers", value)]), "full");
    const answersField = field(t("settings.keys.answers"), answers);
    const fit = () => {
      originsField.hidden = answersField.hidden = kind.value !== "publishable";
      origins.required = !originsField.hidden;
    };
    kind.addEventListener("change", fit);
    fit();
    const form = h("form", { class: "fields" }, field(t("settings.keys.new.name"), name), field(t("settings.keys.kind"), kind), originsField, answersField, h("button", { class: "button" }, t("settings.keys.add")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const onPages = { origins: origins.value.split(/[\s,]+/).filter(Boolean), answers: answers.value };
      void this.add({ name: name.value, kind: kind.value, ...(kind.value === "publishable" ? onPages : {}) }, () => (form.reset(), fit()));
    });
    return form;
  }

  async add(body, done) {
    const made = await this.said.try(async () => {
      const key = await send("POST", "/v1/keys", body);
      this.once.replaceChildren(shownOnce(t("settings.keys.once", { name: key.name }), key.secret, t("settings.keys.once.hint"), () => this.forget()));
    }, { 422: t("settings.keys.invalid") });
    if (!made) return;
    done();
    await this.said.reload(this);
  }
}
