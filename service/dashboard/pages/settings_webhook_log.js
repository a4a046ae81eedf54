/* What was sent to one webhook: each message, what came of it, and sending it again. Part of its card. */

import { addressOf } from "../address.js";
import { read, send } from "../api.js";
import { h, setText } from "../dom.js";
import { clock, plural, t, word } from "../strings.js";
import { button, Said, table } from "./settings_parts.js";

const PAGE_SIZE = 20;
const COLUMNS = ["at", "event", "status", "result", "actions"];
const LOOK_AGAIN_MS = 700;
const LOOKS = 40;
const DAY_MS = 24 * 3600 * 1000;

export class WebhookLog {
  /** @param {string} id @param {string} name of the webhook @param {object} board */
  constructor(id, name, board) {
    this.address = `/v1/webhooks/${encodeURIComponent(id)}`;
    this.said = new Said(board);
    this.stopped = false;
    this.cursor = null;
    this.body = h("tbody", {});
    this.more = button(t("webhooks.log.more"), () => this.show(false));
    this.more.hidden = true;
    const again = button(t("webhooks.retry.failed"), () => this.retryFailed());
    const caption = t("webhooks.log.caption", { name });
    const headers = COLUMNS.map((column) => t(`webhooks.log.${column}`));
    const buttons = h("div", { class: "webhook-actions" }, button(t("webhooks.log.refresh"), () => this.show(true)), again, this.more);
    this.element = h("div", { class: "webhook-log" }, table(caption, headers, this.body), buttons, this.said.element);
  }

  /** Nobody looks at it any more. */
  stop() {
    this.stopped = true;
  }

  async load() {
    await this.fetch(true);
  }

  async show(anew) {
    await this.said.try(() => this.fetch(anew));
  }

  async fetch(anew) {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (!anew && this.cursor !== null) query.set("cursor", this.cursor);
    const { deliveries, next_cursor: cursor } = await read(`${this.address}/deliveries?${query}`);
    this.cursor = cursor;
    this.more.hidden = cursor === null;
    if (anew) this.body.replaceChildren();
    this.body.append(...deliveries.map((delivery) => this.row(delivery)));
    if (!this.body.childElementCount) this.body.append(h("tr", {}, h("td", { colspan: String(COLUMNS.length) }, t("webhooks.log.none"))));
    return deliveries;
  }

  /** Look again until the newest message has come to an end, or for a while: the service sends at its own pace. */
  async follow() {
    for (let look = 0; look < LOOKS && !this.stopped; look += 1) {
      let newest = null;
      if (!(await this.said.try(async () => ([newest] = await this.fetch(true))))) return;
      if (newest === undefined || newest.status !== "pending" || newest.attempts > 0) {
        if (newest) setText(this.said.element, `${word("webhooks.type", newest.type)}: ${resultOf(newest)}`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  row(delivery) {
    const { id, at, type, status, attempts, conversation_id: conversation } = delivery;
    const about = conversation === null ? null : h("small", {}, h("a", { href: addressOf(conversation) }, conversation));
    const label = t("webhooks.retry.of", { event: word("webhooks.type", type), time: clock(at) });
    const waits = status === "pending" && attempts === 0;
    return h(
      "tr",
      { "data-id": String(id), "data-status": status },
      h("td", { class: "when" }, clock(at)),
      h("th", { scope: "row" }, word("webhooks.type", type), about),
      h("td", {}, statusOf(delivery)),
      h("td", {}, resultOf(delivery), attempts ? h("small", {}, plural("webhooks.attempts", attempts)) : null),
      h("td", { class: "actions" }, waits ? null : button(t("webhooks.retry"), () => this.retry(id), label)),
    );
  }

  async retry(id) {
    if (await this.said.try(() => send("POST", `${this.address}/deliveries/${id}/retry`))) await this.show(true);
    this.body.querySelector(`[data-id="${id}"] th`)?.scrollIntoView({ block: "nearest" });
    this.said.say(t("webhooks.retried.one", { n: 1 }));
  }

  async retryFailed() {
    const since = new Date(Date.now() - DAY_MS).toISOString();
    let retried = 0;
    if (!(await this.said.try(async () => ({ retried } = await send("POST", `${this.address}/retry`, { since }))))) return;
    await this.show(true);
    this.said.say(plural("webhooks.retried", retried));
  }
}

function statusOf({ status, next_at: next, ended_at: ended }) {
  return t(`webhooks.log.status.${status}`, { time: clock(next ?? ended) });
}

function resultOf({ tries }) {
  const last = tries.at(-1);
  if (last === undefined) return t("webhooks.result.none");
  return last.result === "answered" ? t("webhooks.result.answered", { status: last.status }) : word("webhooks.result", last.result);
}
