/* The state of the stream -> a sentence that is read out when it changes, and how old what is seen may be. */

import { byId, setAttribute, setText } from "./dom.js";
import { duration, t } from "./strings.js";

const WORTH_SAYING_MS = 5000;

/** Say how the line is. @param {import("./stream.js").StreamState} state */
export function showLine(state) {
  setAttribute(byId("stream"), "data-state", state);
  setText(byId("stream"), t(`stream.${state}`));
}

/**
 * Let the age run on: beside the sentence, not in it, or it would be read out every second.
 * @param {import("./stream.js").StreamState} state @param {number} silent ms since the last sign of life
 */
export function showAge(state, silent) {
  const isOld = (state === "stale" || state === "reconnecting") && silent > WORTH_SAYING_MS;
  setText(byId("stream-age"), isOld ? t("stream.age", { time: duration(silent / 1000) }) : "");
}
