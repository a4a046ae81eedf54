/* Start here: joins the stream, the state, the list, the conversation and the address of the page.
 *
 *     stream, api -> reduce (state.js) -> list.js, filters.js, conversation.js -> page
 *
 * Messages are collected and taken in together, however many arrive. The address says
 * what is open (`#/c/<id>`, `#/<page>`) and what the list shows (`?bands=…`), so links, reload and the back
 * button work. */

import { AlertWatch } from "./alert_watch.js";
import { ApiError, conversation, conversationsOf, signIn } from "./api.js";
import { Bell } from "./bell/bell.js";
import { offerChoices } from "./choices.js";
import { sayFailure } from "./controls.js";
import { ConversationView } from "./conversation.js";
import { byId, h, setText, watchFocus } from "./dom.js";
import { Filters } from "./filters.js";
import { askToSignIn, openGate, sayBroken } from "./gate.js";
import { Hydrator } from "./hydrate.js";
import { listenToKeys } from "./keys.js";
import { showAge, showLine } from "./line.js";
import { ListView } from "./list.js";
import { Loader } from "./loader.js";
import { me, meet } from "./me.js";
import { Pages } from "./pages.js";
import { showPerson } from "./person.js";
import { showShortcuts } from "./shortcuts.js";
import { inView, matching, overview } from "./shown.js";
import { EMPTY, hasLapsed, reduce, talkFrom } from "./state.js";
import { Stream } from "./stream.js";
import { chooseLanguage, language, number, percent, plural, t, translatePage, word } from "./strings.js";
import { applyTheme } from "./theme.js";

const TICK_MS = 1000;
const TAKE_IN_MS = 100; // at most ten times a second: sorting thousands of rows costs, and eyes follow no more
const RELOAD_MS = 5000;

let state = EMPTY;
let pending = [];
let timer = 0;
let takenInAt = 0;
let isLoaded = false;
let fetching = null; // the conversation that is being fetched to be shown
let again = false;

applyTheme();
offerChoices(await chooseLanguage());
translatePage();

const filters = new Filters(refilter);
const hydrator = new Hydrator(conversationsOf, dispatch, fail);
const loader = new Loader({ rows: () => state.rows, filter: () => filters.value, dispatch, fail });
const list = new ListView(byId("scroller"), byId("list"), (rows) => hydrator.want(rows));
const alerts = new AlertWatch(fail);
const talk = new ConversationView(byId("conversation"), { fail, announce: say, alerts });
const bell = new Bell(byId("bell"), alerts);
const pages = new Pages(byId("page"), byId("nav"), { fail: failOnPage, announce: say, alerts });
const stream = new Stream({ onOpen: load, onEvent: take, onState: showStream });

listenToKeys({ list, close: () => (location.hash = "#/"), search: () => byId("filter-text").focus(), flip: (name) => filters.flip(name), help: showShortcuts });
byId("shortcuts").addEventListener("click", showShortcuts);
byId("skip").addEventListener("click", skip);
addEventListener("online", () => stream.hurry());
document.addEventListener("visibilitychange", () => document.hidden || stream.hurry());
addEventListener("hashchange", () => route(true));
setInterval(tick, TICK_MS);
route(false);
stream.run();

/* --- in: messages ------------------------------------------------------------------------------------------- */

function dispatch(message) {
  pending.push(message);
  timer ||= setTimeout(takeIn, Math.max(0, takenInAt + TAKE_IN_MS - performance.now()));
}

function takeIn() {
  timer = 0;
  takenInAt = performance.now();
  state = reduce(state, pending);
  pending = [];
  hydrator.need(state.strangers);
  render();
  if (isLoaded) for (const row of state.critical) announce(row);
}

function take(event) {
  dispatch({ type: "event", event });
  if (event.conversationId === openId()) showTalk(event.conversationId);
  alerts.event(event);
  talk.event(event);
  pages.event(event);
}

/* Everything, at first and after each reconnect: the stream only tells what is new. */
async function load() {
  try {
    await meetReader();
  } catch (failure) {
    return fail(failure);
  }
  if (!(await loader.load())) return void setTimeout(reload, RELOAD_MS);
  isLoaded = true;
  hydrator.forgive();
  openGate();
  render();
  talk.refresh();
  if (openId() !== null) showTalk(openId());
}

/* What is drawn depends on who reads it: pages and conversations wait until that is known, and begin anew for somebody else. */
async function meetReader() {
  const before = me();
  const { name, role } = await meet();
  if (before !== null && (before.name !== name || before.role !== role)) return location.reload();
  void alerts.load();
  showPerson(byId("person"), fail);
  pages.showLinks();
  if (before === null || !byId("gate").hidden) openPage(false); // under the gate nothing could be read
}

/* The list could not be read though the line holds: once more, unless the page already asks for something else. */
function reload() {
  if (stream.state === "live" && byId("gate").hidden) void load();
}

function fail(failure) {
  if (!(failure instanceof ApiError)) throw failure;
  if (failure.status === 401) askToSignIn(enter);
  else if (!isLoaded) sayBroken(failure, load);
}

/* A page that cannot be shown says why in its own place; the board beside it goes on. */
function failOnPage(failure) {
  if (!(failure instanceof ApiError)) throw failure;
  if (failure.status === 401) return askToSignIn(enter);
  byId("page").replaceChildren(h("div", { class: "notice" }, h("h2", {}, t("error.heading")), h("p", { role: "alert" }, sayFailure(failure))));
}

async function enter(token) {
  const accepted = await signIn(token);
  // A stream that still runs has no reason to open again, and to bring the rows.
  if (accepted) void (stream.running ? load() : stream.run());
  return accepted;
}

/* --- out: the page ------------------------------------------------------------------------------------------ */

function render() {
  const name = me()?.name ?? "";
  const base = inView(state.rows, filters.value, Date.now() / 1000);
  const rows = matching(base, filters.value, name);
  const found = overview(base, name);
  filters.offer(found);
  setText(byId("list-heading"), t(`list.heading.${filters.value.sort}`));
  list.show(rows);
  setText(byId("count"), rows.length < base.length ? plural("list.some", base.length, { shown: number(rows.length) }) : plural("list.all", base.length));
  showNotice(rows.length);
}

/* The reader changed the filter. */
function refilter() {
  keepInAddress();
  loader.follow();
  render();
}

function showNotice(shown) {
  const place = byId("list-notice");
  const kind = shown ? "none" : !isLoaded ? "loading" : state.rows.size || filters.query ? "filtered" : "empty";
  if (place.dataset.kind === kind) return;
  place.dataset.kind = kind;
  const content = {
    none: [],
    loading: [h("p", {}, t("list.loading"))],
    filtered: [h("h3", {}, t("list.filtered"))],
    empty: [h("h3", {}, t("list.none")), h("p", {}, t("list.none.hint")), h("p", { class: "code" }, "make demo")],
  };
  place.replaceChildren(...content[kind]);
}

function showStream(streamState) {
  if (streamState === "signed-out") return askToSignIn(enter);
  showLine(streamState);
}

function announce({ id, level, action }) {
  say(t("announce.critical", { id, risk: percent(level), action: word("action", action) }));
}

/* For who does not see it. */
function say(sentence) {
  byId("announcer").textContent = sentence;
}

function tick() {
  const now = Date.now() / 1000;
  showAge(stream.state, stream.check());
  if (hasLapsed(state, now)) dispatch({ type: "clock", now });
  list.tick(now);
  talk.tick(now);
  alerts.tick(now);
  bell.tick(now);
  pages.tick(now);
}

/* --- the address -------------------------------------------------------------------------------------------- */

function openId() {
  const found = /^#\/c\/([^?]+)/.exec(location.hash);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return null; // a mangled link
  }
}

/* `#/reports/week` -> ["reports", "week"]; the board itself is []. */
function addressPath() {
  return location.hash.replace(/^#\/?|\?.*$/g, "").split("/").filter(Boolean);
}

/* An address that says nothing of the filter leaves it as it is, and is completed: so does every link of the board. */
function takeFromAddress() {
  const query = location.hash.split("?")[1];
  if (query !== undefined) filters.take(query);
  keepInAddress();
  loader.follow();
  render();
}

function keepInAddress() {
  const [path] = location.hash.split("?");
  const wanted = `${path || "#/"}${filters.query && `?${filters.query}`}`;
  if (wanted !== (location.hash || "#/")) history.replaceState(null, "", wanted);
}

function route(isNavigation) {
  const id = openId();
  const [name] = id === null ? addressPath() : [];
  document.body.dataset.view = name ? "page" : id === null ? "list" : "conversation";
  openPage(isNavigation);
  if (name) return;
  takeFromAddress();
  list.markOpen(id);
  if (id === null) {
    talk.notice(t("conversation.none"), t("conversation.none.hint"));
    if (isNavigation) list.focus();
  } else {
    talk.notice(t("conversation.loading"));
    showTalk(id, isNavigation);
  }
}

function openPage(isNavigation) {
  const [name = "", ...path] = openId() === null ? addressPath() : [];
  if (me() !== null) pages.open(name, path, isNavigation);
}

/* To what the address shows, without another address. */
function skip(event) {
  event.preventDefault();
  if (document.body.dataset.view === "page") return byId("page").querySelector("h2")?.focus();
  if (byId("list").checkVisibility()) return list.focus();
  talk.focus();
}

/* One request at a time (`fetching`); what happens meanwhile asks for one more (`again`). */
async function showTalk(id, withFocus = false) {
  if (me() === null) return;
  if (fetching === id) return void (again = true);
  fetching = id;
  const isLeftThere = watchFocus();
  const askedAt = performance.now();
  try {
    // Messages are drawn once, with the tools that the reader's role has: at the start both are asked for.
    const [answer] = await Promise.all([conversation(id, language()), me() ?? meet()]);
    if (openId() === id) talk.show(talkFrom(answer), askedAt);
    if (openId() === id && withFocus && isLeftThere()) talk.focus();
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
