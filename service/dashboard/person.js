/* Who is signed in, shown in the bar with the way out. */

import { ApiError, signOut } from "./api.js";
import { h } from "./dom.js";
import { me } from "./me.js";
import { t, word } from "./strings.js";

/**
 * Show the signed-in person and a button that signs them out.
 * @param {HTMLElement} place @param {(failure: Error) => void} fail
 */
export function showPerson(place, fail) {
  const { name, display_name: shown, role } = me();
  const known = `${name} ${shown} ${role}`;
  if (place.dataset.person === known) return; // after a reconnect: whatever has the focus keeps it
  place.dataset.person = known;
  const button = h("button", { class: "button quiet small", type: "button" }, t("person.signout"));
  button.addEventListener("click", () => leave(fail));
  const who = h("span", { class: "person-name", title: name }, h("b", {}, shown), h("small", {}, word("person.role", role)));
  place.replaceChildren(h("span", { class: "unseen" }, t("person.signed")), who, button);
}

async function leave(fail) {
  try {
    await signOut();
  } catch (failure) {
    // A session that has ended already leaves nothing to do.
    if (!(failure instanceof ApiError) || failure.status !== 401) return fail(failure);
  }
  location.assign("/");
}
