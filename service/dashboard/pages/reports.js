/* The reports page: how many conversations escalated, how fast they were answered and resolved, and whether that lasted.
 *
 *     address -> report_question.js -> GET /v1/reports/escalation -> report_cards.js -> page
 *
 * All options stand in the address, so a link shows the same view. Four calls answer a view: the report by period,
 * the total of the span before, and the groups by language and by queue. */

import { read } from "../api.js";
import { h } from "../dom.js";
import { groupCard, reasonCard, shareCard, tiles, timeCard } from "../report_cards.js";
import { spanText } from "../report_figures.js";
import { ReportForm } from "../report_form.js";
import { before, callFor, readQuestion, todayIn, writeQuestion } from "../report_question.js";
import { Solved } from "../report_solved.js";
import { language, plural, t } from "../strings.js";

export class Page {
  constructor(place, board) {
    this.board = board;
    this.asked = 0;
    this.form = new ReportForm((question) => this.choose(question));
    this.solved = new Solved((failure) => board.fail(failure));
    this.says = h("p", { class: "report-span", role: "status" });
    this.wrong = h("p", { class: "wrong", role: "alert" });
    this.cards = h("div", { class: "report-cards" });
    const print = h("button", { class: "button quiet small", type: "button" }, t("reports.print"));
    print.addEventListener("click", () => window.print());
    const head = h("div", { class: "report-head" }, h("h2", { tabindex: "-1" }, t("reports.heading")), print);
    place.append(head, this.form.element, this.wrong, this.says, this.cards, this.solved.element);
  }

  /** @param {string[]} path the options, as the address has them */
  async open([options]) {
    const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.form.value = readQuestion(options, { today: todayIn(tz, new Date()), tz });
    await this.show(this.form.value);
  }

  choose(question) {
    // Not a navigation: the reader stays where they are, in the field that they changed.
    history.replaceState(null, "", `#/reports/${writeQuestion(question)}`);
    this.show(question).catch((failure) => this.board.fail(failure));
  }

  async show(question) {
    const asked = (this.asked += 1);
    this.cards.setAttribute("aria-busy", "true");
    this.wrong.textContent = "";
    const { language: spoken, queue } = question;
    this.solved.show({ language: spoken, queue });
    try {
      const found = await fetchAll(question);
      if (asked === this.asked) this.fill(question, found);
    } catch (failure) {
      if (failure.status !== 422) throw failure;
      if (asked === this.asked) this.refuse(failure);
    }
  }

  refuse(failure) {
    this.cards.removeAttribute("aria-busy");
    this.wrong.textContent = t("reports.refused", { detail: failure.detail });
    this.says.textContent = "";
    this.cards.replaceChildren();
  }

  fill(question, { report, earlier, byLanguage, byQueue }) {
    const csv = callFor(question, { format: "csv" });
    const past = before(question);
    this.form.offerQueues(byQueue.groups.map(({ group }) => group).filter((name) => name !== null));
    this.says.textContent = [
      plural("reports.conversations", report.total.conversations),
      spanText(question.since, question.to),
      t("reports.compared", { span: spanText(past.since, past.to) }),
    ].join(" · ");
    this.cards.removeAttribute("aria-busy");
    this.cards.replaceChildren(
      tiles(report.total, earlier.total),
      h("p", { class: "hint wide" }, t("reports.counted")),
      shareCard("escalation", report, csv, true),
      timeCard("response", report, csv),
      shareCard("lasted", report, csv),
      timeCard("resolution", report, csv),
      shareCard("precision", report, csv),
      reasonCard(report, csv),
      groupCard("language", byLanguage, callFor(question, { group: "language", language: "", format: "csv" })),
      groupCard("queue", byQueue, callFor(question, { group: "queue", queue: "", format: "csv" })),
    );
  }
}

/* Groups are those of the whole span, so they are asked by month: the fewest rows. */
async function fetchAll(question) {
  const reasons = { reason_language: language() };
  const [report, earlier, byLanguage, byQueue] = await Promise.all([
    read(callFor(question, reasons)),
    read(callFor(before(question), { by: "month" })),
    read(callFor(question, { by: "month", group: "language", language: "" })),
    read(callFor(question, { by: "month", group: "queue", queue: "" })),
  ]);
  return { report, earlier, byLanguage, byQueue };
}
