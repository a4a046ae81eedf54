/* Who is this panel's person? A one-time token -> a pass, kept with this tab and sent in `Authorization`: in a frame of
 * another site there is no cookie, and none is wanted. Outside a frame, whoever is signed in at the board gets a code. */

import { ApiError, send, signWith } from "/assets/api.js";
import { button, copyButton, sayFailure } from "/assets/controls.js";
import { h, setText } from "/assets/dom.js";
import { t } from "/assets/strings.js";

const KEPT_UNDER = "evenkeel.panel";

/* Where the browser keeps nothing for a frame, the pass lives as long as the page. */
const kept = {
  read() {
    try {
      const { pass, until } = JSON.parse(sessionStorage.getItem(KEPT_UNDER));
      return until > Date.now() ? pass : null;
    } catch {
      return null;
    }
  },
  write(pass, lifetime) {
    try {
      sessionStorage.setItem(KEPT_UNDER, JSON.stringify({ pass, until: Date.now() + lifetime * 1000 }));
    } catch {
      /* forbidden */
    }
  },
  drop() {
    try {
      sessionStorage.removeItem(KEPT_UNDER);
    } catch {
      /* forbidden */
    }
  },
};

/** Take the pass of this tab. @returns {boolean} whether there is one */
export function resume() {
  const pass = kept.read();
  signWith(pass);
  return pass !== null;
}

/** Forget the pass: it is over, or not good any more. */
export function leave() {
  kept.drop();
  signWith(null);
}

/** Exchange a token for a pass. @param {string} token @returns {Promise<boolean>} whether it was accepted */
export async function enter(token) {
  signWith(null); // a pass that is over would be refused before the token is looked at
  try {
    const { pass, lifetime_s: lifetime } = await send("POST", "/panel/pass", { token: token.trim().split("token=").at(-1) });
    kept.write(pass, lifetime);
    signWith(pass);
    return true;
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    return false;
  }
}

/** The token that the address brings, taken out of it. */
export function tokenOfAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token !== null) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

/** Asks for a code. @param {{refused: boolean, entered: () => void}} given @returns {HTMLElement} */
export function connectForm({ refused, entered }) {
  const field = h("input", { type: "text", id: "code", name: "code", required: "", autocomplete: "off", spellcheck: "false", "aria-describedby": "code-wrong" });
  const wrong = h("p", { class: "panel-wrong", id: "code-wrong", role: "alert" }, refused ? t("panel.connect.wrong") : "");
  const form = h("form", {}, h("label", { for: "code" }, t("panel.connect.code")), field, h("button", { class: "button" }, t("panel.connect.submit")), wrong);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    setText(wrong, "");
    if (await enter(field.value)) return entered();
    setText(wrong, t("panel.connect.wrong"));
    field.select();
  });
  const get = h("a", { href: "/panel", target: "_blank", rel: "noopener" }, t("panel.connect.get"));
  return h("section", { class: "panel-card" }, h("h2", { tabindex: "-1" }, t("panel.connect")), h("p", {}, t("panel.connect.hint")), h("p", {}, get), form);
}

/** Makes a code for whoever is signed in at the board. @returns {HTMLElement} */
export function codeCard() {
  const said = h("p", { role: "status" });
  const make = button(t("panel.code.make"), () => mint(make, said), { class: "" });
  return h("section", { class: "panel-card" }, h("h2", { tabindex: "-1" }, t("panel.code")), h("p", {}, t("panel.code.hint")), make, said);
}

async function mint(make, said) {
  try {
    const { token } = await send("POST", "/v1/panel/links", {});
    said.replaceChildren(h("code", { id: "panel-code" }, token), " ", copyButton(() => token, { class: "quiet small" }));
    make.hidden = true;
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    const isOut = failure.status === 401;
    said.replaceChildren(isOut ? t("panel.code.signin") : sayFailure(failure), " ", ...(isOut ? [h("a", { href: "/" }, t("panel.code.board"))] : []));
  }
}
