/* Start here: what is written in the page -> the service's answer to the whole conversation -> chat, risk and advice.
 *
 * The conversation lives in this page alone. It is sent with each message and answered as a stored one would be,
 * so the cards are those of the board. */

import { ApiError, send } from "/assets/api.js";
import { button, sayFailure } from "/assets/controls.js";
import { bandShape, trendArrow } from "/assets/charts.js";
import { byId, h, setText } from "/assets/dom.js";
import { DraftBox } from "/assets/draft.js";
import { talkFrom } from "/assets/state.js";
import { chooseLanguage, keepLanguage, language, LANGUAGE_NAMES, percent, t, translatePage, word } from "/assets/strings.js";
import { applyTheme, theme, THEMES } from "/assets/theme.js";
import { turnElement } from "/assets/turn.js";
import { Cards } from "../shared/cards.js";
import { examplesOf, Player } from "./player.js";

const MAX_TURNS = 40;

let turns = []; // {role, text, sent_at}
let spoken = null; // the customer's language, once it is known
let epoch = 0; // grows with each start over: an answer to what was there before is not shown
let line = Promise.resolve(); // one message after the other

class DemoDraft extends DraftBox {
  constructor(desk) {
    super("demo", desk);
    this.field.maxLength = 1000;
    this.field.placeholder = t("demo.agent.placeholder");
    setText(this.element.querySelector("label"), t("demo.agent"));
    this.tools.prepend(button(t("demo.send.agent"), () => this.submit(), { class: "small" }));
    this.field.addEventListener("keydown", (event) => onEnter(event, () => this.submit()));
  }

  ask(text, signal) {
    return send("POST", "/demo/draft", { turns, text, language: spoken in LANGUAGE_NAMES ? spoken : language() }, signal);
  }

  submit() {
    const text = this.field.value.trim();
    if (text) say("agent", text, () => this.clear());
  }
}

applyTheme();
offer(byId("page-theme"), THEMES.map((name) => [name, t(`theme.${name}`)]), theme(), applyTheme);
offer(byId("page-language"), Object.entries(LANGUAGE_NAMES), await chooseLanguage(), changeLanguage);
offer(byId("page-theme"), THEMES.map((name) => [name, t(`theme.${name}`)]), theme());
translatePage();
document.title = t("demo.title");

const draft = new DemoDraft({ fail: () => {} });
const cards = new Cards(byId("aside"), { showTurn, tryText: (text) => draft.insert(text) }, byId("aside-heading"));
const player = new Player({ clear, say: (role, text, at) => say(role, text, () => {}, at), changed: showTools });
byId("aside-hint").after(cards.timeline.element); // what a visitor looks for first
byId("agent").append(draft.element);
byId("aside-heading").tabIndex = -1;
byId("customer").addEventListener("submit", sendAsCustomer);
byId("customer-text").addEventListener("keydown", (event) => onEnter(event, () => byId("customer").requestSubmit()));
byId("to-the-end").addEventListener("click", () => player.finish());
byId("start-over").addEventListener("click", startOver);
offerExamples(language());

function sendAsCustomer(event) {
  event.preventDefault();
  const field = byId("customer-text");
  const text = field.value.trim();
  if (text) say("customer", text, () => (field.value = ""));
  field.focus();
}

/* Enter sends, Shift and Enter begins a line; while an input method composes a letter, Enter belongs to it. */
function onEnter(event, act) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  act();
}

/**
 * Say something, after what is being said.
 * @param {"customer"|"agent"} role @param {string} text @param {() => void} heard called when it was taken
 * @param {number} [at] seconds since the epoch
 */
function say(role, text, heard, at = Date.now() / 1000) {
  const asked = epoch;
  line = line.then(() => (asked === epoch ? assess(role, text, heard, at, asked) : null));
  return line;
}

async function assess(role, text, heard, at, asked) {
  if (turns.length >= MAX_TURNS) return setText(byId("trouble"), t("demo.full", { n: MAX_TURNS }));
  const next = [...turns, { role, text, sent_at: Math.max(at, (turns.at(-1)?.sent_at ?? 0) + 0.001) }];
  try {
    const answer = await send("POST", "/demo/assess", { turns: next, language: language() });
    if (asked !== epoch) return;
    turns = next;
    heard();
    show(answer);
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    player.stop();
    setText(byId("trouble"), sayFailure(failure));
  }
}

function show(answer) {
  const talk = talkFrom(answer);
  spoken = talk.language;
  setText(byId("trouble"), "");
  byId("nobody").hidden = true;
  byId("aside-hint").hidden = true;
  const list = byId("turns");
  const added = talk.messages.slice(list.childElementCount).map((turn) => turnElement("demo", turn));
  list.append(...added); // an answer never changes what was said of an earlier message
  byId("scroll").scrollTop = byId("scroll").scrollHeight;
  showStanding(talk);
  cards.show(talk);
  draft.show(talk.language);
  showTools();
}

function showStanding(talk) {
  const badge = h("span", { class: "badge", "data-band": talk.band }, bandShape(talk.band), `${word("band", talk.band)} ${percent(talk.level)}`);
  const trend = h("span", { class: "head-trend" }, trendArrow(talk.trend), word("trend", talk.trend), " · ", word("stage", talk.stage));
  byId("standing").replaceChildren(badge, trend);
  setText(byId("announcer"), t("doors.said", { risk: percent(talk.level), band: word("band", talk.band), action: word("action", talk.action) }));
}

function showTurn(id) {
  const turn = [...byId("turns").children].find((element) => element.dataset.turn === id);
  turn?.scrollIntoView({ block: "nearest" });
  turn?.focus({ preventScroll: true });
}

function showTools() {
  byId("to-the-end").hidden = !player.isPlaying;
  byId("start-over").hidden = !turns.length;
}

function startOver() {
  clear();
  byId("customer-text").focus();
}

function clear() {
  player.stop();
  epoch += 1;
  turns = [];
  spoken = null;
  for (const id of ["turns", "standing"]) byId(id).replaceChildren();
  for (const id of ["nobody", "aside-hint"]) byId(id).hidden = false;
  setText(byId("trouble"), "");
  cards.clear();
  showTools();
}

async function offerExamples(chosen) {
  const languages = Object.entries(LANGUAGE_NAMES).map(([code, name]) => button(name, () => offerExamples(code), { class: "quiet small", lang: code, "aria-pressed": String(code === chosen), "data-focus": code }));
  const had = byId("example-languages").contains(document.activeElement);
  byId("example-languages").replaceChildren(...languages);
  if (had) languages.find((made) => made.dataset.focus === chosen).focus();
  const examples = await examplesOf(chosen);
  byId("examples").replaceChildren(...examples.map((example) => h("li", {}, playButton(example, chosen))));
}

function playButton(example, code) {
  const ends = h("small", { "data-ends": example.ends }, t(`demo.ends.${example.ends}`));
  const made = h("button", { type: "button", class: "demo-play" }, h("span", { lang: code }, example.title), ends);
  made.addEventListener("click", () => player.play(example.turns));
  return made;
}

function offer(select, choices, current, changed = null) {
  select.replaceChildren(...choices.map(([value, name]) => h("option", { value }, name)));
  select.value = current;
  if (changed) select.addEventListener("change", () => changed(select.value));
}

function changeLanguage(chosen) {
  keepLanguage(chosen);
  location.reload();
}
