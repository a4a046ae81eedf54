/* Keys -> what the board can do. None is taken while somebody writes in a field.
 *
 * j k and the arrows move in the list (arrows only from the list, elsewhere they scroll), Enter follows
 * the focused row's link by itself, Esc goes back, / searches. */

/**
 * @param {object} board
 * @param {import("./list.js").ListView} board.list
 * @param {() => void} board.close
 * @param {() => void} board.search
 */
export function listenToKeys({ list, close, search }) {
  const arrows = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  const letters = { j: 1, k: -1 };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inField = event.target.closest?.("input, select, textarea");
    if (event.key === "Escape") return inField ? event.target.blur() : close();
    if (inField) return;
    const inList = event.target === document.body || event.target.closest?.("#list, #scroller");
    const step = letters[event.key] ?? (inList ? arrows[event.key] : undefined);
    if (step !== undefined) list.move(step);
    else if (event.key === "/") search();
    else return;
    event.preventDefault();
  });
}
