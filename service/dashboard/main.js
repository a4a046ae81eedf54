/* Start here: joins the stream, the state, the list, the conversation and the address of the page.
 *
 *     stream, api -> reduce (state.js) -> list.js, filters.js, conversation.js -> page
 *
 * Messages are collected and taken in once per animation frame, however many arrive. The address says
 * what is open (`#/c/<id>`), so links, reload and the back button work. */

import { allConversations, ApiError, conversation, signIn } from "./api.js";
import { ConversationView } from "./conversation.js";
import { byId, h, setAttribute, setText } from "./dom.js";
import { Filters } from "./filters.js";
import { askToSignIn, openGate, sayBroken } from "./gate.js";
import { Hydrator } from "./hydrate.js";
import { listenToKeys } from "./keys.js";
import { ListView } from "./list.js";
import { EMPTY, overview, reduce, talkFrom, visible } from "./state.js";
import { Stream } from "./stream.js";
import { chooseLanguage, duration, keepLanguage, LANGUAGE_NAMES, percent, t, translatePage, word } from "./strings.js";

const TICK_MS = 1000;

let state = EMPTY;
let pending = [];
let frame = 0;
let isLoaded = false;

offerLanguages(chooseLanguage());
translatePage();

const filters = new Filters(render);
const hydrator = new Hydrator(conversation, dispatch, fail);
const list = new ListView(byId("scroller"), byId("list"), (rows) => hydrator.want(rows));
const talk = new ConversationView(byId("conversation"));
const stream = new Stream({ onOpen: load, onEvent: take, onState: showStream });

listenToKeys({ list, close: () => (location.hash = "#/"), search: () => filters.text.focus() });
addEventListener("hashchange", () => route(true));
setInterval(tick, TICK_MS);
route(false);
render();
stream.run();

/* --- in: messages ------------------------------------------------------------------------------------------- */

function dispatch(message) {
  pending.push(message);
  frame ||= requestAnimationFrame(takeIn);
  // No frames come while the page is in the background; what waits must not grow without end.
  if (document.hidden && pending.length > 500) takeIn();
}

function takeIn() {
  cancelAnimationFrame(frame);
  frame = 0;
  state = reduce(state, pending);
  pending = [];
  render();
  if (isLoaded) for (const row of state.critical) announce(row);
}

function take(event) {
  dispatch({ type: "event", event });
  if (event.conversationId === openId()) showTalk(event.conversationId);
}

/* Everything, at first and after each reconnect: the stream only tells what is new. */
async function load() {
  const before = new Map([...state.rows].map(([id, row]) => [id, row.turns]));
  const seen = new Set();
  try {
    await allConversations((conversations) => {
      for (const row of conversations) seen.add(row.conversation_id);
      dispatch({ type: "answers", conversations });
    });
  } catch (failure) {
    return fail(failure);
  }
  isLoaded = true;
  hydrator.forgive();
  dispatch({ type: "loaded", before, seen });
  openGate();
  if (openId() !== null) showTalk(openId());
}

function fail(failure) {
  if (!(failure instanceof ApiError)) throw failure;
  if (failure.status === 401) askToSignIn(enter);
  else if (!isLoaded) sayBroken(failure, load);
}

async function enter(token) {
  const accepted = await signIn(token);
  // A stream that still runs has no reason to open again, and to bring the rows.
  if (accepted) void (stream.running ? load() : stream.run());
  return accepted;
}

/* --- out: the page ------------------------------------------------------------------------------------------ */

function render() {
  const rows = visible(state, filters.value);
  const found = overview(state);
  filters.offer(found);
  document.title = `${found.bands.critical ? `(${found.bands.critical}) ` : ""}${t("page.title")}`;
  list.show(rows);
  setText(byId("count"), state.rows.size ? t("list.count", { shown: rows.length, all: state.rows.size }) : "");
  showNotice(rows.length);
}

function showNotice(shown) {
  const place = byId("list-notice");
  const kind = shown ? "none" : !isLoaded ? "loading" : state.rows.size ? "filtered" : "empty";
  if (place.dataset.kind === kind) return;
  place.dataset.kind = kind;
  const clear = h("button", { class: "button quiet", type: "button" }, t("list.clear"));
  clear.addEventListener("click", () => filters.clear());
  const content = {
    none: [],
    loading: [h("p", {}, t("list.loading"))],
    filtered: [h("h3", {}, t("list.filtered")), clear],
    empty: [h("h3", {}, t("list.none")), h("p", {}, t("list.none.hint")), h("p", { class: "code" }, "make demo")],
  };
  place.replaceChildren(...content[kind]);
}

function showStream(streamState) {
  const place = byId("stream");
  setAttribute(place, "data-state", streamState);
  if (streamState === "signed-out") return askToSignIn(enter);
  setText(place, t(`stream.${streamState}`, { time: duration(stream.check() / 1000) }));
}

function announce({ id, level, action }) {
  byId("announcer").textContent = t("announce.critical", { id, risk: percent(level), action: word("action", action) });
}

function tick() {
  const now = Date.now() / 1000;
  stream.check();
  list.tick(now);
  talk.tick(now);
}

/* --- the address -------------------------------------------------------------------------------------------- */

function openId() {
  const found = /^#\/c\/(.+)$/.exec(location.hash);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return null; // a mangled link
  }
}

function route(isNavigation) {
  const id = openId();
  document.body.dataset.view = id === null ? "list" : "conversation";
  list.markOpen(id);
  if (id === null) {
    talk.notice(t("conversation.none"), t("conversation.none.hint"));
    if (isNavigation) list.focus();
  } else {
    talk.notice(t("conversation.loading"));
    showTalk(id, isNavigation);
  }
}

/* One request at a time; what happens meanwhile asks for one more. */
let fetching = null;
let again = false;

async function showTalk(id, withFocus = false) {
  if (fetching === id) {
    again = true;
    return;
  }
  fetching = id;
  try {
    const answer = await conversation(id);
    if (openId() === id) talk.show(talkFrom(answer));
    if (openId() === id && withFocus) talk.focus();
    dispatch({ type: "answers", conversations: [answer] });
  } catch (failure) {
    if (failure.status === 404 && openId() === id) talk.notice(t("conversation.missing"));
    else if (failure.status !== 404) fail(failure);
  }
  if (fetching !== id) return;
  fetching = null;
  if (again) {
    again = false;
    showTalk(openId() ?? id);
  }
}

function offerLanguages(current) {
  const select = byId("page-language");
  select.replaceChildren(...Object.entries(LANGUAGE_NAMES).map(([code, name]) => h("option", { value: code, lang: code }, name)));
  select.value = current;
  select.addEventListener("change", () => {
    keepLanguage(select.value);
    location.reload();
  });
}
