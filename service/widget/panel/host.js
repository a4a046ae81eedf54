/* Messages of the page around the panel -> what it wants; and the panel's messages to it.
 *
 * A message counts only from the window around this one, and only from an origin that may show the panel. What holds
 * anything goes to that very origin; to an unknown one goes only the question which conversation is open.
 *
 *   in   evenkeel:hello {inserts}          the page can take phrases
 *        evenkeel:conversation {conversation}
 *        evenkeel:draft {text}             check this
 *        '{"event":"appContext",…}'        a Chatwoot dashboard app's context
 *   out  evenkeel:ready, chatwoot-dashboard-app:fetch-info      to whoever shows the panel; they hold nothing
 *        evenkeel:insert {text, conversation}, evenkeel:findings {findings, conversation} */

const ID = /^[A-Za-z0-9._:@+~=-]{1,128}$/;
const MAX_TEXT = 20_000;

/** @typedef {{kind: "hello", inserts: boolean}|{kind: "conversation", id: string}|{kind: "draft", text: string}} Wish */

/**
 * What a message asks for; null for whatever is not ours to understand.
 * @param {unknown} data @param {string|null} connection the service's name of the Chatwoot that shows the panel
 * @returns {Wish|null}
 */
export function wishOf(data, connection) {
  if (typeof data === "string") return chatwootWish(data, connection);
  if (typeof data !== "object" || data === null) return null;
  const { type, conversation, text, inserts } = data;
  if (type === "evenkeel:hello") return { kind: "hello", inserts: inserts === true };
  if (type === "evenkeel:conversation" && isId(conversation)) return { kind: "conversation", id: conversation };
  if (type === "evenkeel:draft" && typeof text === "string") return { kind: "draft", text: text.slice(0, MAX_TEXT) };
  return null;
}

/* Chatwoot sends its context as text; the conversation's number is unique within one installation's account. */
function chatwootWish(text, connection) {
  if (connection === null) return null;
  try {
    const { event, data } = JSON.parse(text);
    const number = event === "appContext" ? data?.conversation?.id : null;
    const id = `chatwoot-${connection}-${number}`;
    return Number.isSafeInteger(number) && number > 0 && isId(id) ? { kind: "conversation", id } : null;
  } catch {
    return null;
  }
}

/** Whether this can be a conversation's id. @param {unknown} id */
export function isId(id) {
  return typeof id === "string" && ID.test(id);
}

export class Host {
  /**
   * @param {{origins: string[], connection: string|null, onWish: (wish: Wish) => void}} given
   */
  constructor({ origins, connection, onWish }) {
    this.origins = origins;
    this.connection = connection;
    this.onWish = onWish;
    this.origin = null; // of the page around us, once it has spoken
    this.isFramed = window.parent !== window;
    if (this.isFramed) addEventListener("message", (event) => this.hear(event));
  }

  /** Ask which conversation is open. Says nothing but that the panel is here. */
  begin() {
    if (!this.isFramed) return;
    window.parent.postMessage({ type: "evenkeel:ready" }, "*");
    if (this.connection !== null) window.parent.postMessage("chatwoot-dashboard-app:fetch-info", "*");
  }

  hear({ source, origin, data }) {
    if (source !== window.parent || !this.origins.includes(origin)) return;
    const wish = wishOf(data, this.connection);
    if (wish === null) return;
    this.origin = origin;
    this.onWish(wish);
  }

  /** Tell the page around us, if it is one that may show us. @param {object} message */
  tell(message) {
    if (this.origin !== null) window.parent.postMessage(message, this.origin);
  }
}
