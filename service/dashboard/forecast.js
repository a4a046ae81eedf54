/* The forecast, the pace of the customer and the record of past alerts -> what may come, how long is left, and
 * how far to trust it. A share is only told of alerts that people judged, and only when there are enough of them. */

import { pace } from "./flow.js";
import { h, svg } from "./dom.js";
import { duration, number, percent, plural, t } from "./strings.js";

/** Fewer judged alerts than these prove nothing. */
const ENOUGH = 20;
/** Days that the record looks back. */
export const RECORD_DAYS = 90;

/**
 * The record of alerts of this height: "right in 58 of 100", or how many are still missing.
 * @param {object[]} trackRecord as the service tells it @param {number} level
 * @returns {{of100: number, judged: number, isEnough: boolean}|null} null where the service knows of no such level
 */
export function recordAt(trackRecord, level) {
  const bin = trackRecord.find(({ from_level: from, to_level: to }) => level >= from && (level < to || to === 1));
  if (!bin) return null;
  const { judged, share } = bin.precision;
  return { of100: percent(share ?? 0), judged, isEnough: judged >= ENOUGH };
}

/** @param {import("./state.js").Talk} talk @param {object[]|null} trackRecord null until it is known @returns {HTMLElement|null} */
export function forecastCard({ forecast, level, steps }, trackRecord) {
  if (!forecast) return null;
  const { probability, within_turns: turns } = forecast;
  const between = pace(steps);
  const lead = between ? t("forecast.lead", { time: duration(between * turns) }) : t("forecast.lead.unknown");
  return h(
    "section",
    { class: "card forecast" },
    h("h3", {}, t("forecast.heading")),
    h("p", { class: "forecast-what" }, h("b", {}, t("forecast.percent", { percent: percent(probability) })), " ", plural("forecast.within", turns)),
    bar(probability),
    ...reasons(forecast.because ?? []),
    h("p", { class: "soft" }, lead),
    ...record(trackRecord && recordAt(trackRecord, level)),
  );
}

function reasons(because) {
  if (!because.length) return [];
  const named = because.map((reason) => t(`forecast.reason.${reason}`)).join(" · ");
  return [h("p", { class: "forecast-because" }, t("forecast.because", { reasons: named }))];
}

function record(found) {
  if (!found) return [];
  const { of100, judged, isEnough } = found;
  const said = isEnough ? t("forecast.record", { share: number(of100), judged: number(judged), days: RECORD_DAYS }) : t("forecast.record.missing", { judged: number(judged), enough: ENOUGH });
  return [h("h4", {}, t("forecast.record.heading")), h("p", { class: "record", "data-enough": isEnough ? "true" : "false" }, said)];
}

function bar(probability) {
  const filled = svg("rect", { width: percent(probability), height: 6 });
  return svg("svg", { class: "forecast-bar", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" }, filled);
}
