/* What the reader asks of an alert -> what has become of it, in one sentence: for the page of alerts and the conversation. */

import { endOf } from "./alert_state.js";
import { ApiError } from "./api.js";
import { sayFailure } from "./controls.js";
import { me } from "./me.js";
import { t } from "./strings.js";

/**
 * Ask for a change in the reader's name.
 * @param {import("./alert_watch.js").AlertWatch} watch
 * @param {import("./alert_state.js").Alert} alert @param {{action: string}} change as `changeAlert` sends it, without `by`
 * @returns {Promise<{said: string, isDone: boolean, after?: object|null, failure?: ApiError}>} `isDone`: it is as it was asked
 *     for; `after`: the alert as it stands now, null when it is gone, missing where nobody answered
 */
export async function askFor(watch, alert, change) {
  try {
    const { alert: after, refused } = await watch.change(alert, { ...change, by: me().name });
    const isDone = !refused && !someoneElse(change, after);
    return { said: outcome(alert.conversation_id, change, after, refused), isDone, after };
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    return { said: sayFailure(failure), isDone: false, failure };
  }
}

function someoneElse(change, after) {
  return change.action === "acknowledge" && after !== null && after.acknowledged_by !== me().name;
}

/* What was asked for, or what somebody else did before. */
function outcome(id, change, after, refused) {
  if (after === null) return t("alerts.said.gone", { id });
  if (refused && after.ended_at !== null) return t("alerts.said.meanwhile", { id, end: t(`alerts.ended.${endOf(after)}`), name: after.acknowledged_by ?? "–" });
  if (refused) return t("alerts.said.refused", { id });
  if (someoneElse(change, after)) return t("alerts.said.first", { id, name: after.acknowledged_by ?? "–" });
  const judged = change.action !== "dismiss" ? "" : change.justified === undefined ? ".unjudged" : change.justified ? ".justified" : ".false_alarm";
  return t(`alerts.said.${change.action}${judged}`, { id });
}
