/* Rows of a report -> SVG charts: bars for shares with their intervals, lines for times, rows for groups.
 *
 * A chart is drawn in real pixels for the width that it has, so that its text is never scaled. One tab stop leads
 * into it, arrow keys go from point to point, and each point is named with its value; colours and patterns come
 * from classes (pages/reports.css). A table with the same numbers stands beside each chart. */

import { shareMarks, sparse, timeMarks } from "./axes.js";
import { h, svg } from "./dom.js";

const HEIGHT = 190;
const PAD = { top: 10, right: 20, bottom: 24, left: 52 };
const ROW = 30;
const MIN_BAND = 7;
const MAX_BAR = 46;
const LABEL_WIDTH = 62;

/**
 * @typedef {object} Point
 * @property {string} name of the period, short
 * @property {string} says the point in words, with its value: its accessible name
 * @property {number|null} value @property {number} [low] @property {number} [high] @property {number|null} [second]
 * @property {boolean} [small] too few to trust
 */

/**
 * A chart that is drawn anew whenever its width changes.
 * @param {(width: number) => SVGElement} draw
 * @param {string} rest what the line below it says while no point is chosen
 */
export function chart(draw, rest) {
  const place = h("div", { class: "chart" });
  const readout = h("p", { class: "chart-readout", "aria-hidden": "true" }, rest);
  const say = (event) => (readout.textContent = event.target.closest?.("[data-point]")?.getAttribute("aria-label") ?? rest);
  for (const type of ["pointerover", "focusin"]) place.addEventListener(type, say);
  for (const type of ["pointerleave", "focusout"]) place.addEventListener(type, () => (readout.textContent = rest));
  place.addEventListener("keydown", walk);
  let drawn = 0;
  new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    const chosen = points(place).indexOf(document.activeElement);
    place.replaceChildren(draw(width));
    const [first, ...others] = points(place);
    for (const other of others) other.setAttribute("tabindex", "-1");
    first?.setAttribute("tabindex", "0");
    if (chosen >= 0) points(place)[chosen]?.focus();
  }).observe(place);
  return h("div", { class: "chart-place" }, place, readout);
}

function points(place) {
  return [...place.querySelectorAll("[data-point]")];
}

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

function walk(event) {
  const step = STEPS[event.key];
  if (step === undefined) return;
  const all = points(event.currentTarget);
  const from = all.indexOf(document.activeElement);
  const to = all[Math.min(all.length - 1, Math.max(0, from + step))];
  event.preventDefault();
  all[from]?.setAttribute("tabindex", "-1");
  to?.setAttribute("tabindex", "0");
  to?.focus();
}

/**
 * Bars from 0, each with the interval of its share.
 * @param {Point[]} rows @param {{width: number, label: string, percent: (share: number) => string}} look
 */
export function shareBars(rows, { width, label, percent }) {
  const marks = shareMarks(Math.max(0.04, ...rows.map((row) => row.high ?? 0)));
  const box = boxOf(rows, width, marks.at(-1));
  const thick = Math.min(MAX_BAR, Math.max(2, box.band * 0.62));
  return frame(box, label, marks.map((mark) => [mark, percent(mark)]), rows, (row, i) =>
    row.value === null
      ? []
      : [
          svg("rect", { class: row.small ? "bar small" : "bar", x: box.x(i) - thick / 2, width: thick, y: box.y(row.value), height: Math.max(1, box.y(0) - box.y(row.value)) }),
          svg("path", { class: "whisker", d: whisker(box.x(i), box.y(row.low), box.y(row.high), Math.min(5, thick / 2)) }),
        ],
  );
}

function whisker(x, low, high, arm) {
  return `M${x} ${low}V${high}M${x - arm} ${high}h${2 * arm}M${x - arm} ${low}h${2 * arm}`;
}

/**
 * Two lines of times: the median, and dashed the time within which nine of ten came. Nothing is drawn across a gap.
 * @param {Point[]} rows @param {{width: number, label: string, time: (seconds: number) => string}} look
 */
export function timeLines(rows, { width, label, time }) {
  const marks = timeMarks(Math.max(1, ...rows.flatMap((row) => [row.value ?? 0, row.second ?? 0])));
  const box = boxOf(rows, width, marks.at(-1));
  const drawing = frame(box, label, marks.map((mark) => [mark, time(mark)]), rows, (row, i) =>
    row.value === null
      ? []
      : [
          svg("path", { class: "p90-dot", d: `M${box.x(i)} ${box.y(row.second) - 4.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5z` }),
          svg("circle", { class: row.small ? "median-dot small" : "median-dot", cx: box.x(i), cy: box.y(row.value), r: 4 }),
        ],
  );
  const lines = [["p90-line", "second"], ["median-line", "value"]].map(([name, key]) => svg("path", { class: name, d: path(rows.map((row) => row[key]), box) }));
  drawing.querySelector(".axis").after(...lines);
  return drawing;
}

function path(values, box) {
  return values.map((value, i) => (value === null ? "" : `${i && values[i - 1] !== null ? "L" : "M"}${box.x(i)} ${box.y(value)}`)).join("");
}

function boxOf(rows, width, top) {
  const inner = Math.max(width - PAD.left - PAD.right, rows.length * MIN_BAND);
  const band = inner / rows.length;
  const tall = HEIGHT - PAD.top - PAD.bottom;
  return {
    width: inner + PAD.left + PAD.right,
    inner,
    band,
    x: (i) => round(PAD.left + (i + 0.5) * band),
    y: (value) => round(PAD.top + tall * (1 - value / top)),
  };
}

function frame(box, label, marks, rows, drawPoint) {
  const isNamed = sparse(rows.length, box.inner, LABEL_WIDTH);
  const axis = marks.flatMap(([mark, said]) => [
    svg("line", { class: mark ? "grid" : "base", x1: PAD.left, x2: box.width - PAD.right, y1: box.y(mark), y2: box.y(mark) }),
    svg("text", { class: "mark", x: PAD.left - 6, y: box.y(mark) + 4, "text-anchor": "end" }, said),
  ]);
  const names = rows.map((row, i) => (isNamed(i) ? svg("text", { class: "mark", y: HEIGHT - 6, ...standing(box.x(i), box.width) }, row.name) : null));
  return svg(
    "svg",
    { width: box.width, height: HEIGHT, viewBox: `0 0 ${box.width} ${HEIGHT}`, role: "group", "aria-label": label },
    svg("g", { class: "axis", "aria-hidden": "true" }, ...axis, ...names),
    ...rows.map((row, i) =>
      svg(
        "g",
        { "data-point": "", role: "img", "aria-label": row.says },
        svg("rect", { class: "hit", x: round(box.x(i) - box.band / 2), y: PAD.top, width: round(box.band), height: HEIGHT - PAD.top - PAD.bottom, rx: 3 }),
        ...drawPoint(row, i),
      ),
    ),
  );
}

/* The last name stays inside the drawing, and is moved no further, or it would touch the one before. */
function standing(x, width) {
  if (x + LABEL_WIDTH / 2 > width) return { x: width - 1, "text-anchor": "end" };
  return { x, "text-anchor": "middle" };
}

/**
 * One row for each group: its share as a dot with its interval, and a line where all together are.
 * @param {Point[]} rows @param {{width: number, label: string, percent: (share: number) => string, overall: number|null}} look
 */
export function shareRows(rows, { width, label, percent, overall }) {
  const marks = shareMarks(Math.max(0.04, overall ?? 0, ...rows.map((row) => row.high ?? 0)));
  const left = Math.min(150, width * 0.34);
  const height = rows.length * ROW + 26;
  const x = (share) => round(left + ((width - left - 16) * share) / marks.at(-1));
  const y = (i) => i * ROW + ROW / 2;
  const bottom = rows.length * ROW;
  const axis = marks.flatMap((mark) => [
    svg("line", { class: mark ? "grid" : "base", x1: x(mark), x2: x(mark), y1: 0, y2: bottom }),
    svg("text", { class: "mark", x: x(mark), y: height - 8, "text-anchor": "middle" }, percent(mark)),
  ]);
  return svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label },
    svg("g", { class: "axis", "aria-hidden": "true" }, ...axis, overall === null ? null : svg("line", { class: "overall", x1: x(overall), x2: x(overall), y1: 0, y2: bottom })),
    ...rows.map((row, i) => groupRow(row, { left, width, x, y: y(i) })),
  );
}

function groupRow(row, { left, width, x, y }) {
  const drawn = row.value === null ? [] : [
    svg("path", { class: "whisker", d: `M${x(row.low)} ${y}H${x(row.high)}M${x(row.low)} ${y - 4}v8M${x(row.high)} ${y - 4}v8` }),
    svg("circle", { class: row.small ? "median-dot small" : "median-dot", cx: x(row.value), cy: y, r: 5 }),
  ];
  const shown = row.name.length * 7 > left - 12 ? `${row.name.slice(0, Math.floor((left - 20) / 7))}…` : row.name;
  return svg(
    "g",
    { "data-point": "", role: "img", "aria-label": row.says },
    svg("rect", { class: "hit", x: 0, y: y - ROW / 2 + 1, width, height: ROW - 2, rx: 3 }),
    svg("text", { class: "name", x: left - 12, y: y + 4.5, "text-anchor": "end" }, shown),
    ...drawn,
  );
}

function round(value) {
  return Math.round(value * 10) / 10;
}
