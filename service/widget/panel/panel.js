/* Start here: who the panel is for (entrance.js), which conversation the page around it shows (host.js), and the
 * service's stream -> that conversation's cards and the check of a reply (assist.js). */

import { ApiError, conversation } from "/assets/api.js";
import { byId, h, setText } from "/assets/dom.js";
import { showAge, showLine } from "/assets/line.js";
import { talkFrom } from "/assets/state.js";
import { Stream } from "/assets/stream.js";
import { chooseLanguage, language, percent, t, word } from "/assets/strings.js";
import { Assist } from "./assist.js";
import { codeCard, connectForm, enter, leave, resume, tokenOfAddress } from "./entrance.js";
import { Host, isId } from "./host.js";

const TICK_MS = 1000;

const address = new URLSearchParams(location.search);
const place = byId("panel");
let id = isId(address.get("conversation")) ? address.get("conversation") : null;
let assist = null;
let isLoading = false;
let again = false;
let inserts = false; // whether the page around takes phrases
let drafted = null; // a text to check that came before its conversation

await chooseLanguage(address.get("language"));
document.title = t("panel.title");
const origins = document.querySelector("meta[name=evenkeel-hosts]").content.split(" ").filter(Boolean);
const host = new Host({ origins, connection: address.get("chatwoot"), onWish });
const stream = new Stream({ onOpen: load, onEvent: (event) => event.conversationId === id && load(), onState });

addEventListener("online", () => stream.hurry());
document.addEventListener("visibilitychange", () => document.hidden || stream.hurry());
setInterval(() => showAge(stream.state, stream.check()), TICK_MS);
await start();

async function start() {
  const token = tokenOfAddress();
  // A page that is loaded again brings a link that was used: then the pass of this tab goes on.
  const entered = (token !== null && (await enter(token))) || resume();
  if (entered) return open();
  if (token === null && !host.isFramed) return place.replaceChildren(codeCard());
  ask(token !== null);
}

function ask(refused) {
  assist = null;
  place.replaceChildren(connectForm({ refused, entered: open }));
}

function open() {
  show(t("panel.waiting"), t("panel.waiting.hint"));
  host.begin();
  void stream.run();
}

function onWish(wish) {
  if (wish.kind === "conversation") return choose(wish.id);
  if (wish.kind === "hello") {
    inserts = wish.inserts;
    assist?.letInsert(inserts);
  } else {
    drafted = wish.text;
    assist?.review(drafted);
  }
}

function choose(chosen) {
  if (chosen === id) return;
  id = chosen;
  assist?.close();
  assist = null;
  drafted = null;
  if (stream.running) load();
}

/* One request at a time; what happens meanwhile asks for one more. */
async function load() {
  if (id === null) return;
  if (isLoading) {
    again = true;
    return;
  }
  isLoading = true;
  const asked = id;
  try {
    const answer = await conversation(asked, language());
    if (asked === id) tell(talkFrom(answer));
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure;
    if (failure.status === 401) onState("signed-out");
    else if (failure.status === 404 && asked === id) show(t("panel.unknown"), t("panel.unknown.hint"));
  }
  isLoading = false;
  if (again || asked !== id) {
    again = false;
    void load();
  }
}

function tell(talk) {
  if (assist === null) {
    assist = new Assist(talk.id, host, { inserts });
    place.replaceChildren(assist.element);
    if (drafted !== null) assist.review(drafted);
  }
  assist.show(talk);
  setText(byId("announcer"), t("doors.said", { risk: percent(talk.level), band: word("band", talk.band), action: word("action", talk.action) }));
}

function show(heading, hint) {
  assist?.close();
  assist = null;
  place.replaceChildren(h("div", { class: "notice" }, h("h2", {}, heading), h("p", {}, hint)));
}

function onState(state) {
  showLine(state);
  if (state !== "signed-out") return;
  stream.running = false;
  leave();
  ask(false);
}
