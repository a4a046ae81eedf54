/* Sorted rows -> the live list. Only the rows in sight are in the page, each keyed by its conversation.
 *
 * A row that moves keeps its element, so it glides, keeps the focus and costs no rebuild; a thousand
 * conversations cost as much as fifteen. `paint` runs at most once per animation frame. */

import { RowItem } from "./row.js";

const ROW_HEIGHT = 76; // px, as in list.css
const OVERSCAN = 6; // rows above and below that are drawn before they scroll into sight
const HOLD_MS = 1200; // while the pointer moves over the list no row slips away under it

export class ListView {
  /**
   * @param {HTMLElement} scroller what scrolls
   * @param {HTMLElement} list the `ol` inside it
   * @param {(rows: import("./state.js").Row[]) => void} onPaint told which rows are in sight
   */
  constructor(scroller, list, onPaint) {
    this.scroller = scroller;
    this.list = list;
    this.onPaint = onPaint;
    this.rows = [];
    this.items = new Map();
    this.active = null; // id of the row that Tab reaches
    this.open = null; // id of the row whose conversation is shown
    this.frame = 0;
    this.latest = []; // the order as it should be; `rows` stays behind while it is held
    this.holding = 0;
    scroller.addEventListener("pointermove", () => this.hold(), { passive: true });
    scroller.addEventListener("pointerleave", () => this.release());
    scroller.addEventListener("scroll", () => this.schedule(), { passive: true });
    new ResizeObserver(() => this.schedule()).observe(scroller);
    list.addEventListener("focusin", (event) => this.activate(event.target.closest(".row")?.dataset.id ?? this.active));
  }

  /** Show these rows, in this order. @param {import("./state.js").Row[]} rows */
  show(rows) {
    this.latest = rows;
    this.rows = this.holding ? inOrderOf(this.rows, rows) : rows;
    if (!rows.some((row) => row.id === this.active)) this.active = rows[0]?.id ?? null;
    this.schedule();
  }

  hold() {
    clearTimeout(this.holding);
    this.holding = setTimeout(() => this.release(), HOLD_MS);
  }

  release() {
    clearTimeout(this.holding);
    this.holding = 0;
    this.show(this.latest);
  }

  /** Mark the row whose conversation is open; null for none. */
  markOpen(id) {
    this.open = id;
    if (!this.rows.length || this.rows.some((row) => row.id === id)) this.active = id ?? this.active;
    this.schedule();
  }

  /** Move the focus by as many rows as are in sight, up (-1) or down (1). @param {number} direction */
  movePage(direction) {
    this.move(direction * Math.max(1, Math.floor(this.scroller.clientHeight / ROW_HEIGHT) - 1));
  }

  /** Move the focus by `step` rows from the active one, or to the ends with +-Infinity. */
  move(step) {
    if (!this.rows.length) return;
    const focused = this.list.contains(document.activeElement);
    const at = this.rows.findIndex((row) => row.id === this.active);
    const from = focused || Math.abs(step) === Infinity ? at + step : Math.max(0, at);
    const target = Math.min(this.rows.length - 1, Math.max(0, from));
    this.active = this.rows[target].id;
    this.reveal(target);
    this.focus();
  }

  /** Put the focus on the active row. */
  focus() {
    this.paint();
    (this.items.get(this.active)?.link ?? this.list).focus({ preventScroll: true });
  }

  activate(id) {
    if (id === this.active) return;
    this.active = id;
    this.schedule();
  }

  reveal(index) {
    const top = index * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight) this.scroller.scrollTop = top + ROW_HEIGHT - clientHeight;
  }

  schedule() {
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.list.style.height = `${this.rows.length * ROW_HEIGHT}px`;
    const wanted = this.inSight();
    const kept = new Set(wanted.map((index) => this.rows[index].id));
    for (const [id, item] of this.items) {
      if (kept.has(id)) continue;
      item.element.remove();
      this.items.delete(id);
    }
    wanted.forEach((index, place) => this.paintRow(this.rows[index], index, place));
    this.onPaint(wanted.map((index) => this.rows[index]));
  }

  /* Indices to draw: those in sight and around, and the active row wherever it is, so that its focus survives. */
  inSight() {
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW_HEIGHT) - OVERSCAN);
    const last = Math.min(this.rows.length, Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / ROW_HEIGHT) + OVERSCAN);
    const indices = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
    const active = this.rows.findIndex((row) => row.id === this.active);
    if (active >= 0 && active < first) indices.unshift(active);
    if (active >= last) indices.push(active);
    return indices;
  }

  paintRow(row, index, place) {
    let item = this.items.get(row.id);
    const isNew = !item;
    if (!item) this.items.set(row.id, (item = new RowItem(row.id)));
    item.update(row, { index, top: index * ROW_HEIGHT, count: this.rows.length, active: row.id === this.active, open: row.id === this.open });
    item.element.classList.toggle("placed", isNew);
    this.putAt(item.element, place);
  }

  /* Reading order must follow the eyes' order. Where elements cannot move with their focus, the focused one stays. */
  putAt(element, place) {
    const there = this.list.children[place] ?? null;
    if (there === element) return;
    if (!element.isConnected) this.list.insertBefore(element, there);
    else if ("moveBefore" in this.list) this.list.moveBefore(element, there);
    else if (!element.contains(document.activeElement)) this.list.insertBefore(element, there);
  }

  /** Let the waiting times run on. */
  tick(now) {
    for (const item of this.items.values()) item.tick(now);
  }
}

/* The same rows, those that were there before in their old order, new ones after them. */
function inOrderOf(before, rows) {
  const place = new Map(before.map((row, index) => [row.id, index]));
  return rows.toSorted((a, b) => (place.get(a.id) ?? before.length) - (place.get(b.id) ?? before.length));
}
