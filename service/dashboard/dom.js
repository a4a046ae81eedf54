/* Names and values -> elements. The only place that makes nodes, and it has no way to parse markup:
 * whatever a customer wrote becomes a text node, and a link is only ever a fragment of this page. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An HTML element with attributes and children; strings become text.
 * @param {string} name
 * @param {Record<string, unknown>} [attributes] `null` and `false` leave one out
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Set, or remove for `null` and `false`; touches the page only when something changes. */
export function setAttribute(element, name, value) {
  if (value === null || value === false || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** Set the text of an element, only when it changes (live regions speak at every change). */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no element #${id}`);
  return found;
}

/** Whether the focus is in this part or nowhere; elsewhere it is the reader's to keep, however late an answer comes. @param {HTMLElement} part */
export function isFocusFree(part) {
  return document.activeElement === document.body || part.contains(document.activeElement);
}

/** Remember where the focus is now. @returns {() => boolean} whether the reader has left it there: else it is theirs to keep */
export function watchFocus() {
  const from = document.activeElement;
  return () => [from, document.body].includes(document.activeElement);
}
