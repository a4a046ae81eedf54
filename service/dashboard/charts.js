/* Numbers -> small SVG drawings: band shapes, trend arrows, sparklines.
 *
 * Geometry is computed by pure functions; colours come from classes, so that light, dark and
 * high-contrast pages need nothing here. A drawing never carries meaning alone: each stands beside
 * its words, so it is hidden from assistive technology unless it gets a label. */

import { svg } from "./dom.js";

/* A shape of its own per band: told apart without colour. 16 x 16. */
const BAND_PATHS = {
  calm: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 0 1 0-11z",
  watch: "M8 1.6 14.4 8 8 14.4 1.6 8z",
  high: "M8 1.8 15 14H1z",
  critical: "M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z",
};
const TREND_PATHS = {
  rising: "M2 10 6 5l4 5z",
  falling: "M2 3l4 5 4-5z",
  steady: "M1.5 5h9v2h-9z",
};

/** @param {string} band @returns {SVGElement} */
export function bandShape(band) {
  const shape = svg("path", { d: BAND_PATHS[band] ?? BAND_PATHS.calm });
  const inside = band === "critical" || band === "high" ? [svg("path", { class: "shape-mark", d: "M7.2 5.2h1.6v4H7.2zm0 5h1.6v1.6H7.2z" })] : [];
  return svg("svg", { class: "shape", viewBox: "0 0 16 16", "aria-hidden": "true", "data-band": band }, shape, ...inside);
}

/** @param {string} trend @returns {SVGElement} */
export function trendArrow(trend) {
  return svg("svg", { class: "arrow", viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: TREND_PATHS[trend] ?? TREND_PATHS.steady }));
}

/**
 * Place values of 0..1 in a box: first value left, last right, 1 at the top.
 * @param {number[]} values
 * @param {{width: number, height: number, pad: number}} box
 * @returns {{x: number, y: number}[]}
 */
export function place(values, { width, height, pad }) {
  const step = values.length > 1 ? (width - 2 * pad) / (values.length - 1) : 0;
  const start = values.length > 1 ? pad : width / 2;
  return values.map((value, i) => ({
    x: round(start + i * step),
    y: round(height - pad - Math.min(1, Math.max(0, value)) * (height - 2 * pad)),
  }));
}

/** Path through the points; `""` for none. */
export function line(points) {
  return points.map(({ x, y }, i) => `${i ? "L" : "M"}${x} ${y}`).join("");
}

const SPARK = { width: 68, height: 26, pad: 3 };

/** An empty sparkline; `drawSparkline` fills it and is called again whenever the history grows. */
export function sparkline() {
  return svg(
    "svg",
    { class: "spark", viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, "aria-hidden": "true" },
    svg("path", { class: "spark-fill" }),
    svg("path", { class: "spark-line" }),
    svg("circle", { class: "spark-end", r: 2.4 }),
  );
}

/** @param {SVGElement} drawing @param {number[]} history risk 0..1, oldest first; the last 20 are drawn */
export function drawSparkline(drawing, history) {
  const [area, stroke, end] = drawing.children;
  const points = place(history.slice(-20), SPARK);
  const last = points.at(-1);
  end.setAttribute("visibility", last ? "visible" : "hidden");
  stroke.setAttribute("d", line(points));
  area.setAttribute("d", points.length > 1 ? `${line(points)}L${last.x} ${SPARK.height}L${points[0].x} ${SPARK.height}z` : "");
  if (!last) return;
  end.setAttribute("cx", last.x);
  end.setAttribute("cy", last.y);
}

function round(value) {
  return Math.round(value * 10) / 10;
}
