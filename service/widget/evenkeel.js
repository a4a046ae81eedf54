/* A customer's messages in a web page -> Evenkeel, by a publishable key. A classic script that sets `Evenkeel`;
 * `evenkeel.mjs` exports the same, `evenkeel.d.ts` has its types. No dependency, no cookie, nothing logged.
 *
 *     const client = Evenkeel.connect({ endpoint, publishableKey, conversation });
 *     client.send({ text });
 *
 * The chat never waits for it. Messages of a conversation are sent one after the other, in their order; what cannot be
 * sent is kept in this tab, and its text is removed as soon as it is delivered or given up. Sending again is safe: a
 * message has a `turn_id` from the start, and the service counts it once. */

(() => {
  "use strict";

  const MAX_WAITING = 100; // messages; beyond that something is wrong that a longer queue does not mend
  const MAX_AGE_MS = 60 * 60 * 1000; // a chat message that is older helps nobody, and text must not lie about
  const TIMEOUT_MS = 30_000;
  const FIRST_PAUSE_MS = 1000;
  const LONGEST_PAUSE_MS = 60_000;
  const LATE_MS = 5000; // from here on the time of writing is told; until then the service's clock is the better one
  const TRIES_WHEN_BROKEN = 3;
  const KEEPALIVE_CHARS = 8000; // browsers refuse longer bodies that shall survive their page
  const ID = /^[A-Za-z0-9._:@+~=-]{1,128}$/;
  const STORES = { session: "sessionStorage", local: "localStorage" };

  /** Why a message was not delivered. `code`: "refused", "expired", "full", "broken", "closed" or "misconfigured". */
  class EvenkeelError extends Error {
    constructor(code, message, { status = 0, errors = [] } = {}) {
      super(message);
      this.name = "EvenkeelError";
      this.code = code;
      this.status = status;
      this.errors = errors;
    }
  }

  /* randomUUID is missing on plain-http pages; the same 122 random bits without it. */
  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /* A page may be forbidden to store anything; then there is nothing to keep, and nothing breaks. */
  function opened(kind) {
    try {
      const store = window[STORES[kind]];
      store.getItem("");
      return store;
    } catch {
      return null;
    }
  }

  /* One entry for each message, so that two tabs cannot overwrite each other's. */
  class Kept {
    constructor(store, conversation) {
      this.store = store;
      this.prefix = `evenkeel:${conversation}:`;
    }

    put(item) {
      const { turnId, role, text, sentAt, at } = item;
      try {
        this.store?.setItem(this.prefix + turnId, JSON.stringify({ turnId, role, text, sentAt, at }));
      } catch {
        /* full: it is sent from memory */
      }
    }

    drop({ turnId }) {
      try {
        this.store?.removeItem(this.prefix + turnId);
      } catch {
        /* forbidden since */
      }
    }

    all() {
      try {
        const names = Object.keys(this.store ?? {}).filter((name) => name.startsWith(this.prefix));
        return names.map((name) => JSON.parse(this.store.getItem(name))).sort((a, b) => a.at - b.at);
      } catch {
        return [];
      }
    }
  }

  /* An id that was not given is made, and stays that of this tab: nobody can guess it. */
  function conversationOf({ conversation }, store) {
    if (conversation !== undefined) return conversation;
    try {
      const made = store?.getItem("evenkeel-conversation") ?? uuid();
      store?.setItem("evenkeel-conversation", made);
      return made;
    } catch {
      return uuid();
    }
  }

  function misconfigured({ endpoint, publishableKey, storage = "session" }, conversation) {
    if (typeof endpoint !== "string" || !/^https?:\/\//.test(endpoint)) return "endpoint: expected the service's address, such as https://evenkeel.example";
    if (typeof publishableKey !== "string" || !publishableKey.startsWith("evk_pk_")) return "publishableKey: expected a key that begins with evk_pk_; a secret key never belongs in a page";
    if (typeof conversation !== "string" || !ID.test(conversation)) return "conversation: expected 1 to 128 letters, digits and . _ : @ + ~ = -";
    if (storage !== "none" && !Object.hasOwn(STORES, storage)) return 'storage: expected "session", "local" or "none"';
    return null;
  }

  class Client {
    constructor(options) {
      const { endpoint = "", storage = "session", queue, channel, contact } = options;
      const store = Object.hasOwn(STORES, storage) ? opened(storage) : null;
      /** The conversation's id, for whoever continues it elsewhere. */
      this.conversation = conversationOf(options, store);
      this.problem = misconfigured(options, this.conversation);
      this.url = `${String(endpoint).replace(/\/+$/, "")}/v1/conversations/${encodeURIComponent(this.conversation)}/turns`;
      this.headers = { Authorization: `Bearer ${options.publishableKey}`, "Content-Type": "application/json" };
      this.about = { queue, channel, contact_id: contact };
      this.kept = new Kept(this.problem ? null : store, this.conversation);
      this.listeners = { assessment: new Set(), status: new Set() };
      this.waiting = [];
      this.isClosed = false;
      this.isSending = false;
      this.failures = 0;
      this.wake = () => {};
      this.hurry = () => document.hidden || this.wake();
      addEventListener("online", this.hurry);
      document.addEventListener("visibilitychange", this.hurry);
      this.status = { state: this.problem ? "misconfigured" : "idle", waiting: 0 };
      for (const item of this.kept.all()) this.waiting.push({ ...item, settle: null });
      this.start();
    }

    /**
     * Queue a message, and return at once. The promise is of the service's answer; it may be left alone.
     * @returns {Promise<object>} rejected with an `EvenkeelError`
     */
    send(turn) {
      const answered = new Promise((resolve, reject) => this.take(turn ?? {}, { resolve, reject }));
      answered.catch(() => {}); // who does not look at it is not told of a failure by the console either
      return answered;
    }

    take({ text, role = "customer", turnId, sentAt }, settle) {
      const wrong = this.problem ?? (typeof text === "string" && text !== "" ? null : "text: expected the message");
      if (wrong) return settle.reject(new EvenkeelError("misconfigured", wrong));
      if (this.isClosed) return settle.reject(new EvenkeelError("closed", "this client was closed"));
      if (this.waiting.length >= MAX_WAITING) return settle.reject(new EvenkeelError("full", `${MAX_WAITING} messages wait already`));
      const given = sentAt === undefined ? null : sentAt instanceof Date ? sentAt.toISOString() : sentAt;
      const item = { turnId: turnId ?? uuid(), role, text, sentAt: given, at: Date.now(), settle };
      this.waiting.push(item);
      this.kept.put(item);
      this.start();
    }

    /** Call a function with each assessment; returns what takes it back. */
    onAssessment(listener) {
      return this.listen("assessment", listener);
    }

    /** Call a function with the state of delivery, now and whenever it changes; returns what takes it back. */
    onStatus(listener) {
      const stop = this.listen("status", listener);
      this.tell("status", this.status, [listener]);
      return stop;
    }

    /** Stop. What was not delivered stays in the tab and is sent after the next `connect` to this conversation. */
    close() {
      this.isClosed = true;
      removeEventListener("online", this.hurry);
      document.removeEventListener("visibilitychange", this.hurry);
      this.wake();
      this.abort?.abort();
      for (const item of this.waiting) item.settle?.reject(new EvenkeelError("closed", "this client was closed"));
    }

    listen(kind, listener) {
      this.listeners[kind].add(listener);
      return () => this.listeners[kind].delete(listener);
    }

    /* A listener that throws is its own page's matter, and stops nothing here. */
    tell(kind, value, listeners = this.listeners[kind]) {
      for (const listener of listeners) {
        try {
          listener(value);
        } catch (failure) {
          reportError(failure);
        }
      }
    }

    report(state, more = {}) {
      const status = { state, waiting: this.waiting.length, ...more };
      if (JSON.stringify(status) === JSON.stringify(this.status)) return;
      this.status = status;
      this.tell("status", status);
    }

    /* Not in the caller's own time: the page goes on first. */
    start() {
      if (this.isSending || this.problem || !this.waiting.length) return;
      this.isSending = true;
      setTimeout(() => this.drain());
    }

    async drain() {
      while (this.waiting.length && !this.isClosed) {
        const [item] = this.waiting;
        this.report("sending");
        const { done, answer, failure, pause } = await this.attempt(item);
        if (this.isClosed) break;
        if (done) this.finish(item, answer, failure);
        else await this.rest(pause);
      }
      this.isSending = false;
      if (!this.isClosed) this.report("idle");
    }

    finish(item, answer, failure) {
      this.failures = 0;
      this.waiting.shift();
      this.kept.drop(item);
      if (failure) return item.settle?.reject(failure);
      item.settle?.resolve(answer);
      if (answer?.risk) this.tell("assessment", answer);
    }

    async rest(pause) {
      const retryInMs = Math.round(pause);
      this.report(navigator.onLine === false ? "offline" : "waiting", { retryInMs });
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, retryInMs);
        this.wake = () => (clearTimeout(timer), resolve());
      });
      this.wake = () => {};
    }

    /* One try: done with an answer or a failure, or to be tried again after a pause. */
    async attempt(item) {
      if (Date.now() - item.at > MAX_AGE_MS) return { done: true, failure: new EvenkeelError("expired", "not delivered within an hour") };
      if (navigator.onLine === false) return this.again();
      try {
        const answer = await this.post(item);
        const body = await answer.json().catch(() => null);
        if (answer.ok) return { done: true, answer: body };
        return this.judged(answer, body ?? {}, item);
      } catch {
        return this.again(); // nothing answered, or nothing that this page may read: offline, a refused origin
      }
    }

    judged(answer, { detail = answer.statusText, errors }, item) {
      const { status } = answer;
      item.broken = (item.broken ?? 0) + (status === 500);
      if (status === 500 && item.broken >= TRIES_WHEN_BROKEN) return { done: true, failure: new EvenkeelError("broken", detail, { status }) };
      if (status >= 500 || status === 429 || status === 408) return this.again(retryAfter(answer));
      return { done: true, failure: new EvenkeelError("refused", detail, { status, errors }) };
    }

    post({ turnId, role, text, sentAt, at }) {
      const late = Date.now() - at > LATE_MS ? new Date(at).toISOString() : undefined;
      const body = JSON.stringify({ turn_id: turnId, role, text, sent_at: sentAt ?? late, ...this.about });
      this.abort = new AbortController();
      const timer = setTimeout(() => this.abort.abort(), TIMEOUT_MS);
      const asked = fetch(this.url, { method: "POST", headers: this.headers, body, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", keepalive: body.length < KEEPALIVE_CHARS, signal: this.abort.signal });
      return asked.finally(() => clearTimeout(timer));
    }

    /* Twice as long each time, half of it by chance: many pages must not come back at the same moment. */
    again(asked = 0) {
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
      this.failures += 1;
      return { done: false, pause: Math.max(asked + asked * Math.random() * 0.1, pause * (0.5 + Math.random() / 2)) };
    }
  }

  /* Milliseconds that the service asks for, as seconds or as a date; 0 without any. */
  function retryAfter(answer) {
    const told = answer.headers.get("Retry-After");
    if (!told) return 0;
    const ms = /^\d+$/.test(told) ? Number(told) * 1000 : Date.parse(told) - Date.now();
    return Math.min(Math.max(ms || 0, 0), MAX_AGE_MS);
  }

  globalThis.Evenkeel = Object.freeze({ connect: (options) => new Client(options ?? {}), EvenkeelError });
})();
