/* Nothing to show yet, and why: sign-in needed, or no answer. Covers the board, which stays as it was underneath. */

import { sayFailure } from "./controls.js";
import { byId, h } from "./dom.js";
import { t } from "./strings.js";

/** Take the gate away. */
export function openGate() {
  byId("gate").hidden = true;
  byId("gate").replaceChildren();
  setBehind(false);
}

/**
 * Ask for a token. @param {(token: string) => Promise<boolean>} signIn true when it was accepted
 */
export function askToSignIn(signIn) {
  if (byId("gate").querySelector("form")) return;
  const field = h("input", { type: "text", id: "token", name: "token", autocomplete: "off", spellcheck: "false", required: "" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const form = h("form", {}, h("label", { for: "token" }, t("signin.token")), field, h("button", { class: "button" }, t("signin.submit")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong.textContent = "";
    if (!(await signIn(tokenIn(field.value)))) wrong.textContent = t("signin.wrong");
  });
  const example = h("p", { class: "code" }, `${location.origin}/?token=…`);
  close(h("h1", { id: "gate-heading" }, t("signin.heading")), h("p", {}, t("signin.how")), example, h("p", {}, t("signin.open")), form, wrong);
  field.focus();
}

/** The token in what was pasted: a whole link, or the token alone. @param {string} pasted */
function tokenIn(pasted) {
  const text = pasted.trim();
  return URL.canParse(text) ? (new URL(text).searchParams.get("token") ?? text) : text;
}

/** Say that the service cannot be reached. @param {import("./api.js").ApiError} failure @param {() => void} retry */
export function sayBroken(failure, retry) {
  const button = h("button", { class: "button", type: "button" }, t("error.retry"));
  button.addEventListener("click", retry);
  close(h("h1", { id: "gate-heading" }, t("error.heading")), h("p", { role: "alert" }, sayFailure(failure)), h("p", {}, button));
}

function close(...children) {
  byId("gate").replaceChildren(h("div", { class: "gate-card" }, ...children));
  byId("gate").hidden = false;
  setBehind(true);
}

/* What the gate covers cannot be reached by keyboard either. */
function setBehind(isInert) {
  for (const part of document.querySelectorAll(".skip, .bar, #board")) part.inert = isInert;
}
