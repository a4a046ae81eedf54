/* The risk after each customer turn, the hand-off and the alerts -> one drawing over time that can be read.
 *
 * Bands are horizontal zones; alerts stand above, steps of the hand-off below. It is a slider for the keyboard
 * and for assistive technology (each value is a turn, told in words); what is chosen stands under it in words. */

import { button } from "./controls.js";
import { h, setAttribute, setText, svg } from "./dom.js";
import { stepWords } from "./flow_marks.js";
import { clock, duration, percent, t, word } from "./strings.js";
import { BAND_FROM, height, nearest, timeScale } from "./timeline_scale.js";

const WIDTH = 340;
const HEIGHT = 148;
const BOX = { left: 10, right: 272, top: 16, bottom: 118 };
const MOVES = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity };

export class Timeline {
  /** @param {{showTurn: (turnId: string) => void}} desk */
  constructor(desk) {
    this.desk = desk;
    this.steps = [];
    this.marks = [];
    this.chosen = 0;
    this.plot = h("div", { class: "timeline", role: "slider", tabindex: "0", "aria-label": t("timeline.label"), "aria-valuemin": "1" });
    this.told = h("p", { class: "timeline-told" });
    this.open = button(t("timeline.open"), () => this.show(), { class: "quiet small" });
    this.legend = h("ul", { class: "timeline-legend" });
    this.element = h("section", { class: "card", hidden: "" }, h("h3", {}, t("curve.heading")), this.plot, h("div", { class: "timeline-foot" }, this.told, this.open), this.legend);
    this.listen();
  }

  listen() {
    this.plot.addEventListener("keydown", (event) => this.key(event));
    this.plot.addEventListener("pointermove", (event) => this.choose(this.under(event)));
    this.plot.addEventListener("click", (event) => {
      this.choose(this.under(event));
      this.show();
    });
  }

  /**
   * @param {{turnId: string, at: number, level: number, band: string, forecast: object|null}[]} steps oldest first
   * @param {object[]} handoffs steps of the hand-off @param {object[]} alerts
   */
  draw(steps, handoffs, alerts) {
    const drawn = JSON.stringify([steps, handoffs, alerts]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const follows = this.chosen >= this.steps.length - 1;
    this.steps = steps;
    this.marks = marksOf(handoffs, alerts);
    this.element.hidden = !steps.length;
    if (!steps.length) return;
    this.paint();
    this.choose(follows ? steps.length - 1 : this.chosen);
  }

  paint() {
    const scale = timeScale([...this.steps, ...this.marks].map(({ at }) => at), BOX);
    this.xs = this.steps.map(({ at }) => scale.x(at));
    this.cursor = svg("line", { class: "cursor", y1: BOX.top, y2: BOX.bottom });
    this.ring = svg("circle", { class: "ring", r: 6.5 });
    const points = this.steps.map(({ level }, i) => ({ x: this.xs[i], y: height(level, BOX) }));
    const path = points.map(({ x, y }, i) => `${i ? "L" : "M"}${x} ${y}`).join("");
    const dots = points.map(({ x, y }, i) => svg("circle", { class: "dot", "data-band": this.steps[i].band, cx: x, cy: y, r: 3.6 }));
    this.plot.replaceChildren(
      svg(
        "svg",
        { class: "curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true" },
        ...zones(),
        ...scale.breaks.map(pauseMark),
        ...this.marks.map((mark) => markShape(mark, scale.x(mark.at))),
        this.cursor,
        svg("path", { class: "curve-line", d: path }),
        ...dots,
        this.ring,
        ...timeLabels(this.steps, this.xs),
      ),
    );
    this.legend.replaceChildren(...[...new Set(this.marks.map(({ kind }) => kind))].map((kind) => h("li", { "data-kind": kind }, legendShape(kind), t(`timeline.${kind}`))));
  }

  choose(i) {
    this.chosen = Math.max(0, Math.min(this.steps.length - 1, i));
    const { at, level, band } = this.steps[this.chosen];
    const x = this.xs[this.chosen];
    for (const name of ["x1", "x2"]) setAttribute(this.cursor, name, x);
    setAttribute(this.ring, "cx", x);
    setAttribute(this.ring, "cy", height(level, BOX));
    const here = t("timeline.point", { time: clock(at), risk: percent(level), band: word("band", band) });
    const said = [here, ...this.between().map((mark) => `${mark.words} ${clock(mark.at)}`)].join(" · ");
    setText(this.told, said);
    setAttribute(this.plot, "aria-valuemax", this.steps.length);
    setAttribute(this.plot, "aria-valuenow", this.chosen + 1);
    setAttribute(this.plot, "aria-valuetext", `${t("timeline.turn", { n: this.chosen + 1, all: this.steps.length })}: ${said}`);
  }

  /* What happened from this turn to the next one. */
  between() {
    const from = this.steps[this.chosen].at;
    const to = this.steps[this.chosen + 1]?.at ?? Infinity;
    return this.marks.filter(({ at }) => at >= from && at < to);
  }

  show() {
    this.desk.showTurn(this.steps[this.chosen].turnId);
  }

  key(event) {
    if (event.key === "Enter") this.show();
    else if (event.key in MOVES) this.choose(this.chosen + MOVES[event.key]);
    else return;
    event.preventDefault();
  }

  under(event) {
    const { left, width } = this.plot.getBoundingClientRect();
    return nearest(this.xs, ((event.clientX - left) / width) * WIDTH);
  }
}

/** What is marked on the time axis, in order. */
function marksOf(handoffs, alerts) {
  const raised = alerts.map((alert) => ({ kind: "alert", at: alert.opened_at, words: t("timeline.alert") }));
  const taken = handoffs.map((step) => ({ kind: "handoff", at: step.at, words: stepWords(step) }));
  return [...raised, ...taken].sort((a, b) => a.at - b.at);
}

function zones() {
  const edges = [...Object.entries(BAND_FROM), [null, 1]];
  return edges.slice(0, -1).map(([band, from], i) => {
    const [top, bottom] = [height(edges[i + 1][1], BOX), height(from, BOX)];
    const label = svg("text", { class: "zone-name", x: BOX.right + 8, y: (top + bottom) / 2 + 3.5 }, word("band", band));
    return svg("g", { "data-band": band }, svg("rect", { class: "zone", x: 0, y: top, width: BOX.right + 4, height: bottom - top }), label);
  });
}

function pauseMark({ x, seconds }) {
  const label = svg("text", { class: "tick", x, y: BOX.bottom + 12, "text-anchor": "middle" }, `⋯ ${duration(seconds)} ⋯`);
  return svg("g", { class: "break" }, svg("line", { x1: x, x2: x, y1: BOX.top, y2: BOX.bottom }), label);
}

function markShape({ kind, words }, x) {
  const [y, shape] = kind === "alert" ? [2, `M${x - 5} 12 L${x} 3 L${x + 5} 12z`] : [BOX.bottom, `M${x - 4.5} ${BOX.bottom - 5} h9 v9 h-9z`];
  const line = svg("line", { x1: x, x2: x, y1: Math.max(y, 12), y2: kind === "alert" ? BOX.bottom : BOX.top });
  return svg("g", { class: "event", "data-kind": kind }, line, svg("path", { d: shape }), svg("title", {}, words));
}

function legendShape(kind) {
  return svg("svg", { class: "event", "data-kind": kind, viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: kind === "alert" ? "M1 11 6 1l5 10z" : "M1.5 1.5h9v9h-9z" }));
}

/* When it began and when the latest turn was; one label where the two would meet. */
function timeLabels(steps, xs) {
  const ends = xs.at(-1) - xs[0] > 90 ? [0, steps.length - 1] : [steps.length - 1];
  return ends.map((i) => {
    const anchor = xs[i] < 60 ? "start" : "end";
    return svg("text", { class: "tick", x: anchor === "start" ? Math.max(0, xs[i] - 8) : xs[i] + 8, y: HEIGHT - 4, "text-anchor": anchor }, clock(steps[i].at));
  });
}
