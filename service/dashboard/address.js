/* Where things are shown on this page: ids -> addresses after `#/`. */

/** The address of a conversation. @param {string} id */
export function addressOf(id) {
  return `#/c/${encodeURIComponent(id)}`;
}
