/* The hand-off packet -> a dialog to read before the first word, to copy as text and to print.
 *
 * Its words come from the service in the language that is chosen here; quotes stay in the original. */

import { ApiError, read } from "./api.js";
import { button, copyButton, sayFailure } from "./controls.js";
import { h } from "./dom.js";
import { clock, LANGUAGE_NAMES, language, t } from "./strings.js";
import { evidence, speech } from "./turn.js";

/* The parts that hold quotes, in the order in which they are read. */
const QUOTED = ["issue", "tried", "promised"];

/**
 * Open the packet. @param {string} id of the conversation @param {{dialogs: HTMLElement, fail: (failure: ApiError) => void}} desk
 * @param {HTMLElement} fallback gets the focus afterwards where its own button is gone
 */
export function packetDialog(id, desk, fallback) {
  const opener = document.activeElement;
  const body = h("div", { class: "packet-body" });
  const shown = { packet: null };
  const choice = languageChoice((chosen) => load(id, chosen, body, shown, desk));
  const tools = [copyButton(() => (shown.packet ? packetText(id, shown.packet) : ""), { class: "quiet" }), button(t("packet.print"), () => window.print()), button(t("packet.close"), () => dialog.close(), { class: "" })];
  const head = h("header", { class: "packet-head" }, h("h2", { id: "packet-heading", tabindex: "-1" }, t("packet.heading")), h("p", { class: "packet-id" }, id), choice, h("div", { class: "packet-tools" }, ...tools));
  const dialog = h("dialog", { class: "packet", "aria-labelledby": "packet-heading" }, head, body);
  dialog.addEventListener("close", () => {
    dialog.remove();
    (opener?.isConnected ? opener : fallback).focus();
  });
  desk.dialogs.append(dialog);
  dialog.showModal();
  dialog.querySelector("h2").focus();
  load(id, language(), body, shown, desk);
}

function languageChoice(choose) {
  const select = h("select", {}, ...Object.entries(LANGUAGE_NAMES).map(([code, name]) => h("option", { value: code, lang: code }, name)));
  select.value = language();
  select.addEventListener("change", () => choose(select.value));
  return h("label", { class: "packet-language" }, t("packet.language"), " ", select);
}

async function load(id, wanted, body, shown, desk) {
  try {
    const { packet } = await read(`/v1/conversations/${encodeURIComponent(id)}/handoff?language=${wanted}`);
    shown.packet = packet;
    body.lang = packet.language;
    body.replaceChildren(...content(packet));
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    if (failure.status === 401) return desk.fail(failure);
    body.replaceChildren(h("p", { role: "alert" }, sayFailure(failure)));
  }
}

function content(packet) {
  const lines = packet.summary.map((line) => h("li", {}, line));
  const speaks = speech(packet.conversation_language);
  return [
    h("ul", { class: "packet-summary" }, ...lines),
    ...QUOTED.map((part) => section(packet.titles[part], packet[part].map((quote) => quoted(quote, speaks)))),
    section(packet.titles.threats, packet.threats.map((threat) => threatened(threat, speaks))),
    section(packet.titles.quotes, packet.quotes.map((quote) => quoted(quote, speaks))),
    section(packet.titles.reasons, packet.reasons.map(({ because, rule, times }) => h("p", {}, because, " ", h("span", { class: "rule" }, rule), times > 1 ? ` × ${times}` : ""))),
  ].filter(Boolean);
}

function section(title, items) {
  return items.length ? h("section", {}, h("h3", {}, title), ...items) : null;
}

function quoted({ at, text, evidence: spans }, speaks) {
  return h("figure", { class: "quote" }, h("blockquote", { lang: speaks }, ...evidence(text, spans)), h("figcaption", {}, clock(at)));
}

function threatened({ name, quotes, facts }, speaks) {
  return h("div", { class: "threatened" }, h("h4", {}, name), ...quotes.map((quote) => quoted(quote, speaks)), h("ul", { class: "to-find" }, ...facts.map((fact) => h("li", {}, fact))));
}

/** The packet as plain text, for a ticket or a message to a colleague. @param {string} id @param {object} packet */
function packetText(id, packet) {
  const { titles } = packet;
  const quote = ({ at, text }) => `${clock(at)} “${text}”`;
  const threat = ({ name, quotes, facts }) => [`${name}:`, ...quotes.map(quote), ...facts.map((fact) => `[ ] ${fact}`)].join("\n");
  const reason = ({ because, rule, times }) => `${because} (${rule}${times > 1 ? ` × ${times}` : ""})`;
  const parts = [
    ...QUOTED.map((part) => [titles[part], packet[part].map(quote)]),
    [titles.threats, packet.threats.map(threat)],
    [titles.quotes, packet.quotes.map(quote)],
    [titles.reasons, packet.reasons.map(reason)],
  ];
  const written = parts.filter(([, lines]) => lines.length).map(([title, lines]) => [title.toUpperCase(), ...lines].join("\n"));
  return [[id, ...packet.summary.map((line) => `- ${line}`)].join("\n"), ...written].join("\n\n");
}
