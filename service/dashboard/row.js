/* One row -> its element: made once, written again where its conversation has changed. */

import { addressOf } from "./address.js";
import { bandShape, drawSparkline, sparkline, trendArrow } from "./charts.js";
import { h, setAttribute, setText } from "./dom.js";
import { me } from "./me.js";
import { isOwned, needsSomebody } from "./shown.js";
import { duration, percent, t, word } from "./strings.js";

const LONG_WAIT_S = 180;

export class RowItem {
  constructor(id) {
    this.risk = h("b");
    this.shape = h("span", { class: "row-shape" });
    this.band = h("span", { class: "row-band" });
    this.trend = h("span", { class: "row-trend" });
    this.spark = sparkline();
    this.text = h("span", { class: "row-text" });
    this.action = h("span", { class: "action" });
    this.language = h("span", { class: "row-language" });
    this.queue = h("span");
    this.stage = h("span");
    this.waitingWords = h("span", { class: "wide-only" });
    this.waitingTime = h("span", { class: "narrow-only", "aria-hidden": "true" });
    this.waiting = h("span", { class: "row-waiting" }, this.waitingWords, this.waitingTime);
    this.neededBy = h("span");
    this.needs = h("span", { class: "row-needs" }, h("span", { class: "unseen" }, t("row.needs")), this.neededBy);
    this.hands = h("span", { class: "row-hands" });
    this.link = h(
      "a",
      { href: addressOf(id) },
      h("span", { class: "row-risk" }, h("span", { class: "row-number" }, this.shape, this.risk), this.band),
      h("span", { class: "row-curve" }, this.spark, this.trend),
      h(
        "span",
        { class: "row-main" },
        h("span", { class: "row-top" }, this.text, this.action),
        h("span", { class: "row-bottom" }, this.language, this.queue, this.stage, h("span", { class: "row-id" }, id), this.waiting),
        h("span", { class: "row-who" }, this.needs, this.hands),
      ),
    );
    this.element = h("li", { class: "row", "data-id": id }, this.link);
    this.element.addEventListener("animationend", () => this.element.classList.remove("fresh"));
    this.row = null;
  }

  update(row, { index, top, count, active, open }) {
    setAttribute(this.element, "aria-posinset", index + 1);
    setAttribute(this.element, "aria-setsize", count);
    setAttribute(this.link, "tabindex", active ? 0 : -1);
    setAttribute(this.link, "aria-current", open ? "true" : null);
    this.element.style.transform = `translateY(${top}px)`;
    if (this.row === row) return;
    if (this.row && this.row.band !== row.band) this.element.classList.add("fresh");
    this.row = row;
    this.write(row);
    this.tick(Date.now() / 1000);
  }

  write(row) {
    setAttribute(this.element, "data-band", row.band);
    setAttribute(this.element, "data-trend", row.trend);
    this.shape.replaceChildren(bandShape(row.band));
    setText(this.risk, String(percent(row.level)));
    setText(this.band, word("band", row.band));
    this.trend.replaceChildren(trendArrow(row.trend), h("span", { class: "wide-only" }, word("trend", row.trend)));
    drawSparkline(this.spark, row.history);
    setAttribute(this.text, "lang", row.text && row.language !== "other" ? row.language : null);
    setText(this.text, row.text || t(row.knownTurns ? "list.quiet" : "list.fetching"));
    this.text.classList.toggle("none", !row.text);
    setText(this.action, word("action.short", dueAction(row)));
    setAttribute(this.action, "data-action", row.action);
    setText(this.language, row.language ?? "");
    setText(this.queue, row.queue ?? "");
    setText(this.stage, word("stage", row.stage));
    setAttribute(this.element, "data-status", row.status);
    setAttribute(this.hands, "data-mine", isOwned(row) && row.owner === me()?.name ? "true" : null);
  }

  /** Let the times run on. */
  tick(now) {
    const since = this.row?.waitingSince ?? null;
    const needed = this.row ? neededSentence(this.row, now) : "";
    setText(this.neededBy, needed);
    this.needs.hidden = needed === "";
    setText(this.hands, this.row ? ownerSentence(this.row, now) : "");
    const waited = since === null ? "" : duration(now - since);
    setText(this.waitingWords, waited && t("waiting", { time: waited }));
    setText(this.waitingTime, waited);
    this.waiting.classList.toggle("long", since !== null && now - since >= LONG_WAIT_S);
  }
}

/* "No action" would belittle a critical conversation that has only just been answered. */
function dueAction({ action, band, waitingSince }) {
  return action === "none" && band !== "calm" && waitingSince === null ? "answered" : action;
}

function neededSentence(row, now) {
  if (!needsSomebody(row)) return "";
  const { queue, dueAt } = row.alert;
  const due = dueAt === null ? [] : [dueAt > now ? t("row.due", { time: duration(dueAt - now) }) : t("row.overdue", { time: duration(now - dueAt) })];
  return [word("target", queue), ...due].join(" · ");
}

function ownerSentence({ status, owner, deadline }, now) {
  if (status === "open") return "";
  const said = owner !== null && owner === me()?.name ? t(`row.you.${status}`) : t(`row.${status}`, { who: owner ?? "" });
  return deadline === null ? said : `${said} · ${t("row.left", { time: duration(deadline - now) })}`;
}
