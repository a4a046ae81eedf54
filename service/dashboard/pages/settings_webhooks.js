/* Card of the settings: webhooks, whom the service tells of events, whether they listen, and what was sent. */

import { read, send } from "../api.js";
import { h } from "../dom.js";
import { clock, plural, t, word } from "../strings.js";
import { button, card, Said, shownOnce, sureButton } from "./settings_parts.js";
import { webhookForm } from "./settings_webhook_form.js";
import { WebhookLog } from "./settings_webhook_log.js";

export class WebhooksCard {
  /** @param {object} board */
  constructor(board) {
    this.board = board;
    this.said = new Said(board);
    this.once = h("div", {});
    this.list = h("ul", { class: "webhooks" });
    this.logs = new Map();
    this.elements = [card("webhooks", this.list, this.once, webhookForm((body, done) => this.add(body, done)), this.said.element)];
  }

  async load() {
    const { webhooks } = await read("/v1/webhooks");
    const none = h("li", { class: "hint" }, t("webhooks.none"));
    this.list.replaceChildren(...(webhooks.length ? webhooks.map((webhook) => this.item(webhook)) : [none]));
  }

  /* Neither a secret nor a log stays open for whoever comes next. */
  forget() {
    this.once.replaceChildren();
    this.said.clear();
    for (const log of this.logs.values()) log.stop();
    this.logs.clear();
  }

  item(webhook) {
    const name = nameOf(webhook);
    return h(
      "li",
      { class: "webhook", "data-id": webhook.id, "data-active": String(webhook.enabled) },
      h("h4", {}, name),
      h("p", { class: "mono" }, webhook.url),
      h("p", {}, webhook.types.map((type) => word("webhooks.type", type)).join(" · "), ...filtersOf(webhook)),
      stateOf(webhook),
      this.actions(webhook, name),
      this.logs.get(webhook.id)?.element ?? null,
    );
  }

  actions(webhook, name) {
    const act = (key, run) => button(t(`webhooks.${key}`), run, t(`webhooks.${key}.of`, { name }));
    const sure = (key, run) => sureButton(t(`webhooks.${key}`), t(`webhooks.${key}.sure`), run, t(`webhooks.${key}.of`, { name }));
    const log = act("log", () => this.toggleLog(webhook));
    log.setAttribute("aria-expanded", String(this.logs.has(webhook.id)));
    const enabling = webhook.enabled ? sure("disable", () => this.change(webhook, { enabled: false })) : act("enable", () => this.change(webhook, { enabled: true }));
    return h("div", { class: "webhook-actions" }, act("test", () => this.test(webhook)), log, enabling, sure("rotate", () => this.rotate(webhook)), sure("remove", () => this.remove(webhook)));
  }

  async add(body, done) {
    const made = await this.said.try(
      async () => this.showSecret(await send("POST", "/v1/webhooks", body)),
      { 422: t("webhooks.invalid"), 409: t("webhooks.full") },
    );
    if (!made) return;
    done();
    await this.said.reload(this);
  }

  async rotate(webhook) {
    if (await this.said.try(async () => this.showSecret(await send("POST", `${addressOf(webhook)}/rotate`)))) await this.said.reload(this);
  }

  showSecret(webhook) {
    const label = t("webhooks.once", { name: nameOf(webhook) });
    const hint = webhook.previous_until === null ? t("webhooks.once.hint") : t("webhooks.once.rotated", { time: clock(webhook.previous_until) });
    this.once.replaceChildren(shownOnce(label, webhook.secret, hint, () => this.once.replaceChildren()));
  }

  async change(webhook, change) {
    if (await this.said.try(() => send("PATCH", addressOf(webhook), change))) {
      this.said.say(t(change.enabled ? "webhooks.enable.done" : "webhooks.disable.done", { name: nameOf(webhook) }));
    }
    await this.said.reload(this);
  }

  async remove(webhook) {
    this.closeLog(webhook);
    if (await this.said.try(() => send("DELETE", addressOf(webhook)))) this.said.say(t("webhooks.remove.done", { name: nameOf(webhook) }));
    await this.said.reload(this);
  }

  async test(webhook) {
    if (!(await this.said.try(() => send("POST", `${addressOf(webhook)}/test`)))) return;
    if (!this.logs.has(webhook.id)) await this.toggleLog(webhook);
    await this.logs.get(webhook.id)?.follow();
  }

  async toggleLog(webhook) {
    const opened = !this.closeLog(webhook);
    if (opened) this.logs.set(webhook.id, new WebhookLog(webhook.id, nameOf(webhook), this.board));
    await this.said.reload(this);
    this.list.querySelector(`[data-id="${CSS.escape(webhook.id)}"] [aria-expanded]`)?.focus();
    if (opened) await this.said.reload(this.logs.get(webhook.id));
  }

  closeLog(webhook) {
    this.logs.get(webhook.id)?.stop();
    return this.logs.delete(webhook.id);
  }
}

function addressOf(webhook) {
  return `/v1/webhooks/${encodeURIComponent(webhook.id)}`;
}

function nameOf(webhook) {
  return webhook.description || new URL(webhook.url).host;
}

function filtersOf(webhook) {
  const languages = webhook.languages.map((language) => word("webhooks.language", language)).join(", ");
  return [
    webhook.queues.length ? h("small", {}, t("webhooks.only.queues", { queues: webhook.queues.join(", ") })) : null,
    webhook.languages.length ? h("small", {}, t("webhooks.only.languages", { languages })) : null,
  ].filter(Boolean);
}

/* One sentence on whether it works, and further ones where there is more to know. */
function stateOf(webhook) {
  const { enabled, failing_since: failing, succeeded_at: succeeded, pending, previous_until: rotated } = webhook;
  let state = succeeded === null ? t("webhooks.state.new") : t("webhooks.state.works", { time: clock(succeeded) });
  if (failing !== null) state = t("webhooks.state.failing", { time: clock(failing) });
  if (!enabled) state = t(`webhooks.state.off.${webhook.disabled_reason}`, { time: clock(webhook.disabled_at) });
  return h(
    "p",
    { class: "webhook-state", "data-state": enabled ? (failing === null ? "works" : "failing") : "off" },
    h("strong", {}, state),
    pending ? h("small", {}, plural("webhooks.pending", pending)) : null,
    rotated === null ? null : h("small", {}, t("webhooks.rotated", { time: clock(rotated) })),
  );
}
