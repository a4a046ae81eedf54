/* The address after `#/` -> a page beside the list and the conversation, loaded when it is first opened.
 *
 * A page is a module in `pages/` whose `Page` fills one element:
 *
 *     new Page(place, board)   once; `board` is what it may ask of the frame: {fail(error), announce(sentence), alerts}
 *     open(path, isNavigation) each time its address is opened or changes: `#/reports/week` -> ["week"]
 *     event(event)             optional; every event of the stream while it is open
 *     tick(now)                optional; once a second, `now` in seconds since the epoch
 *     close()                  optional; another address was opened
 *
 * It may fail with an ApiError, which the frame shows. Its words are `words/<language>/<page>.js`, the entry of
 * the navigation is `nav.<page>`, and its styles are `pages/<page>.css`, linked in index.html. */

import { h, setAttribute, watchFocus } from "./dom.js";
import { may } from "./me.js";
import { t } from "./strings.js";

/** Name -> the module, in the order of the navigation. */
const PAGES = {
  alerts: () => import("./pages/alerts.js"),
  labels: () => import("./pages/labels.js"),
  reports: () => import("./pages/reports.js"),
  whatif: () => import("./pages/whatif.js"),
  settings: () => import("./pages/settings.js"),
  audit: () => import("./pages/audit.js"),
};

/** The least role of those that not everybody may open; the service decides anyway. */
const ROLES = { labels: "supervisor", reports: "supervisor", whatif: "supervisor", settings: "admin", audit: "admin" };

export class Pages {
  /**
   * @param {HTMLElement} place where a page is shown
   * @param {HTMLElement} nav where the links stand
   * @param {object} board
   * @param {(failure: Error) => void} board.fail @param {(sentence: string) => void} board.announce
   * @param {import("./alert_watch.js").AlertWatch} board.alerts
   */
  constructor(place, nav, board) {
    this.place = place;
    this.board = board;
    this.made = new Map();
    this.current = null;
    this.links = new Map(["", ...Object.keys(PAGES)].map((name) => [name, navLink(name)]));
    this.showLinks();
    nav.replaceChildren(h("ul", {}, ...[...this.links.values()].map((link) => h("li", {}, link))));
  }

  /** Hide what the signed-in person may not open; nothing is offered before it is known who that is. */
  showLinks() {
    for (const [name, link] of this.links) link.hidden = name in ROLES && !may(ROLES[name]);
  }

  /**
   * Show the page of this name; `""` is the board itself, which is no page.
   * @param {string} name @param {string[]} path @param {boolean} isNavigation false when the browser was just loaded
   */
  async open(name, path, isNavigation) {
    for (const [other, link] of this.links) setAttribute(link, "aria-current", other === name ? "page" : null);
    if (this.current !== name) this.leave();
    this.current = name;
    if (name === "") return;
    if (!(name in PAGES)) return this.notice("page.missing");
    if (name in ROLES && !may(ROLES[name])) return this.notice("page.forbidden");
    const isLeftThere = watchFocus();
    try {
      const page = await this.page(name);
      if (this.current !== name) return; // another address was opened while the module came
      this.place.replaceChildren(page.element);
      await page.view.open(path, isNavigation);
      if (isNavigation && this.current === name && isLeftThere()) page.element.querySelector("h2")?.focus({ preventScroll: true });
    } catch (failure) {
      this.board.fail(failure);
    }
  }

  notice(key) {
    this.place.replaceChildren(h("div", { class: "notice" }, h("h2", { tabindex: "-1" }, t(key))));
  }

  async page(name) {
    if (!this.made.has(name)) {
      const { Page } = await PAGES[name]();
      const element = h("div", { class: "page-body", "data-page": name });
      this.made.set(name, { element, view: new Page(element, this.board) });
    }
    return this.made.get(name);
  }

  leave() {
    this.made.get(this.current)?.view.close?.();
    this.place.replaceChildren();
  }

  /** Hand an event of the stream to the open page. */
  event(event) {
    this.made.get(this.current)?.view.event?.(event);
  }

  tick(now) {
    this.made.get(this.current)?.view.tick?.(now);
  }
}

function navLink(name) {
  return h("a", { href: name ? `#/${name}` : "#/", "data-page": name || "board" }, t(`nav.${name || "board"}`));
}
