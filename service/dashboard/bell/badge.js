/* How many alerts ask for somebody -> the tab's title and its icon. */

import { byId, setAttribute } from "../dom.js";
import { number, t } from "../strings.js";

const MOST = 9;

/** @param {number} count */
export function showBadge(count) {
  const title = `${count ? `(${number(count)}) ` : ""}${t("page.title")}`;
  if (document.title !== title) document.title = title;
  const name = count > MOST ? "many" : count;
  setAttribute(byId("favicon"), "href", count ? `/assets/badges/${name}.svg` : "/assets/favicon.svg");
}
