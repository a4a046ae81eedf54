/* Card of the settings: the desks whose chats come here, where each delivers, and whether it works. */

import { read, send } from "../api.js";
import { h } from "../dom.js";
import { clock, plural, t, word } from "../strings.js";
import { deskForm, titleOf } from "./settings_desk_form.js";
import { button, card, Said, shownOnce, sureButton } from "./settings_parts.js";

const COPIED_FOR_MS = 1600;

export class DesksCard {
  /** @param {object} board */
  constructor(board) {
    this.said = new Said(board);
    this.once = h("div", {});
    this.list = h("ul", { class: "desks" });
    this.form = h("div", {});
    this.kinds = [];
    this.elements = [card("desks", this.list, this.once, this.form, this.said.element)];
  }

  async load() {
    const { connections, kinds } = await read("/v1/connections");
    if (!this.kinds.length) this.form.replaceChildren(deskForm(kinds, (body, done) => this.add(body, done)));
    this.kinds = kinds;
    const none = h("li", { class: "hint" }, t("desks.none"));
    this.list.replaceChildren(...(connections.length ? connections.map((connection) => this.item(connection)) : [none]));
  }

  forget() {
    this.once.replaceChildren();
    this.said.clear();
  }

  item(connection) {
    const { name, enabled } = connection;
    const act = (key, run) => button(t(`desks.${key}`), run, t(`desks.${key}.of`, { name }));
    const sure = (key, run) => sureButton(t(`desks.${key}`), t(`desks.${key}.sure`), run, t(`desks.${key}.of`, { name }));
    const switching = enabled ? sure("disable", () => this.change(connection, false)) : act("enable", () => this.change(connection, true));
    const desk = this.kinds.find(({ kind }) => kind === connection.kind);
    return h(
      "li",
      { class: "desk", "data-id": connection.id, "data-active": String(enabled) },
      h("h4", {}, name, h("small", {}, [titleOf(desk), t(connection.writes ? "desks.writes" : "desks.reads")].join(" · "))),
      addressOf(connection),
      stateOf(connection),
      h("div", { class: "desk-actions" }, switching, sure("remove", () => this.remove(connection))),
    );
  }

  async add(body, done) {
    let made = null;
    const added = await this.said.try(async () => (made = await send("POST", "/v1/connections", body)));
    if (!added) return;
    done();
    const [secret] = Object.values(made.secrets_once);
    if (secret) this.once.replaceChildren(shownOnce(t("desks.once", { name: made.name }), secret, t("desks.once.hint"), () => this.forget()));
    this.said.say(t("desks.added", { name: made.name }));
    await this.said.reload(this);
  }

  async change(connection, enabled) {
    const done = await this.said.try(() => send("PATCH", pathOf(connection), { enabled }));
    if (done) this.said.say(t(enabled ? "desks.enable.done" : "desks.disable.done", { name: connection.name }));
    await this.said.reload(this);
  }

  async remove(connection) {
    if (await this.said.try(() => send("DELETE", pathOf(connection)))) this.said.say(t("desks.remove.done", { name: connection.name }));
    await this.said.reload(this);
  }
}

function pathOf({ id }) {
  return `/v1/connections/${encodeURIComponent(id)}`;
}

/* Where the desk delivers, with a button that copies it. */
function addressOf({ id, name, path }) {
  const input = h("input", { type: "text", id: `desk-address-${id}`, class: "mono", readonly: "", value: new URL(path, location.origin).href, spellcheck: "false" });
  input.addEventListener("focus", () => input.select());
  const copy = button(t("settings.copy"), async () => {
    const said = await navigator.clipboard.writeText(input.value).then(() => "settings.copied", () => "settings.copy.failed");
    copy.textContent = t(said);
    setTimeout(() => (copy.textContent = t("settings.copy")), COPIED_FOR_MS);
  }, t("desks.copy.of", { name }));
  return h("div", { class: "desk-address" }, h("label", { for: input.id }, t("desks.address")), input, copy);
}

/* One sentence on whether it works, and further ones where there is more to know. */
function stateOf({ enabled, last_delivery_at: heard, last_error: error, last_error_at: failed, waiting, failed: givenUp }) {
  const state = !enabled ? t("desks.state.off") : heard === null ? t("desks.state.new") : t("desks.state.heard", { time: clock(heard) });
  return h(
    "p",
    { class: "desk-state", "data-state": !enabled ? "off" : error === null ? (heard === null ? "new" : "works") : "failing" },
    h("strong", {}, state),
    error === null ? null : h("small", { class: "desk-error" }, t("desks.state.error", { time: clock(failed), error: word("desks.error", error) })),
    waiting ? h("small", {}, plural("desks.waiting", waiting)) : null,
    givenUp ? h("small", {}, plural("desks.failed", givenUp)) : null,
  );
}
