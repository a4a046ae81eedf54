/* Keys -> what the board can do. None is taken while somebody writes in a field, while a dialog or a page is open.
 *
 * Arrows, Home, End and the page keys move from within the list only, elsewhere they scroll; Enter follows the
 * focused row's link by itself. Keys that are a single character can be switched off (shortcuts.js): who
 * speaks to the machine, or hits keys by accident, must not set things off. Digits are taken by their place
 * on the keyboard, because not every layout writes them without Shift. */

import { BANDS } from "./shown.js";
import { areLettersOn } from "./shortcuts.js";

/**
 * @param {object} board
 * @param {import("./list.js").ListView} board.list
 * @param {() => void} board.close
 * @param {() => void} board.search
 * @param {(name: string) => void} board.flip turns a filter on or off
 * @param {() => void} board.help
 */
export function listenToKeys({ list, close, search, flip, help }) {
  const moves = { ArrowDown: () => list.move(1), ArrowUp: () => list.move(-1), Home: () => list.move(-Infinity), End: () => list.move(Infinity), PageDown: () => list.movePage(1), PageUp: () => list.movePage(-1) };
  const letters = { j: () => list.move(1), k: () => list.move(-1), "/": search, m: () => flip("mine"), n: () => flip("needs"), "?": help };
  const digits = Object.fromEntries(BANDS.flatMap((band, i) => ["Digit", "Numpad"].map((place) => [`${place}${i + 1}`, () => flip(band)])));

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isElsewhere()) return;
    const inField = event.target.closest?.("input, select, textarea");
    if (event.key === "Escape") return inField ? event.target.blur() : close();
    if (inField) return;
    const inList = event.target === document.body || event.target.closest?.("#list, #scroller");
    const letter = letters[event.key] ?? (event.shiftKey ? undefined : digits[event.code]);
    const act = (inList ? moves[event.key] : undefined) ?? (areLettersOn() ? letter : undefined);
    if (!act) return;
    act();
    event.preventDefault();
  });
}

function isElsewhere() {
  return document.body.dataset.view === "page" || document.querySelector("dialog[open], :popover-open") !== null;
}
