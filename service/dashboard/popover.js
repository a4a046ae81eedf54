/* A button, and a panel that it opens beside itself. The browser closes it by Esc or a click elsewhere and gives the
 * focus back; where it stands is worked out here, because not every browser can anchor one yet. */

import { setAttribute } from "./dom.js";

const GAP_PX = 6;
const EDGE_PX = 8;
let made = 0;

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} panel
 * @param {() => void} [onOpen] called before it is shown
 */
export function popover(button, panel, onOpen = () => {}) {
  made += 1;
  panel.id = `panel-${made}`;
  panel.classList.add("popover");
  setAttribute(panel, "popover", "auto");
  setAttribute(button, "popovertarget", panel.id);
  setAttribute(button, "aria-expanded", "false");
  let shownAt = 0;
  const hide = () => {
    // Taken out of the page while it was open, it was closed without a word.
    if (!panel.isConnected) return removeEventListener("scroll", hide, true);
    // What scrolls under it takes the button away; its own list may scroll, and so may what leaves the button where it is.
    if (Math.abs(button.getBoundingClientRect().top - shownAt) > 1) panel.hidePopover();
  };
  panel.addEventListener("beforetoggle", ({ newState }) => {
    removeEventListener("scroll", hide, true);
    setAttribute(button, "aria-expanded", String(newState === "open"));
    if (newState !== "open") return;
    onOpen();
    const box = button.getBoundingClientRect();
    shownAt = box.top;
    place(box, panel.style);
    addEventListener("scroll", hide, true);
  });
}

/* Under the button or above it, towards the side that has room. */
function place({ top, bottom, left, right }, style) {
  const isLow = bottom > innerHeight * 0.6;
  const isLeft = left < innerWidth / 2;
  style.top = isLow ? "auto" : `${bottom + GAP_PX}px`;
  style.bottom = isLow ? `${innerHeight - top + GAP_PX}px` : "auto";
  style.left = isLeft ? `${Math.max(EDGE_PX, left)}px` : "auto";
  style.right = isLeft ? "auto" : `${Math.max(EDGE_PX, innerWidth - right)}px`;
  style.maxHeight = `${(isLow ? top : innerHeight - bottom) - GAP_PX - EDGE_PX}px`;
}
