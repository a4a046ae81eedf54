/* GET /v1/events -> events in order, through every interruption.
 *
 * Server-sent events read with `fetch`: unlike EventSource it can name the last event on the first
 * request of a new page life, sees 401 and 503 for what they are, and notices the service's
 * heartbeats (comments), so that silence is told apart from a dead line. */

import { signature } from "./api.js";

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 8000;
const STEADY_AFTER_MS = 5000; // a connection that held so long is no part of a series of failures
const SILENT_AFTER_MS = 40_000; // the service sends a heartbeat every 15 s

/** @typedef {{id: string, type: string, conversationId: string, at: number, data: object}} BoardEvent */
/** @typedef {"connecting"|"live"|"stale"|"reconnecting"|"signed-out"} StreamState */

export class Stream {
  /**
   * @param {object} handlers
   * @param {() => void} handlers.onOpen connected, at first and again; what came before is the caller's to load
   * @param {(event: BoardEvent) => void} handlers.onEvent
   * @param {(state: StreamState) => void} handlers.onState
   */
  constructor({ onOpen, onEvent, onState }) {
    this.handlers = { onOpen, onEvent, onState };
    this.lastId = "";
    this.running = false;
    this.abort = null;
    this.wake = () => {};
    this.heard();
  }

  /** Connect, and connect again whenever the line is lost, until signed out. */
  async run() {
    if (this.running) return;
    this.running = true;
    let attempt = 0;
    this.tell("connecting");
    while (this.running) {
      const began = performance.now();
      const hasEnded = await this.readOnce().catch(() => false);
      if (!this.running) return;
      attempt = performance.now() - began > STEADY_AFTER_MS ? 0 : attempt + 1;
      // The service ends a stream now and then; only a line that broke or was refused is worth a word.
      if (!hasEnded && this.state !== "stale") this.tell("reconnecting");
      await this.pause(Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempt) * (0.75 + Math.random() / 2));
    }
  }

  /** Called now and then: cuts a line that has been silent too long, and says so. Returns ms of silence. */
  check() {
    const silent = this.silence();
    if (this.running && this.state === "live" && silent > SILENT_AFTER_MS) {
      this.tell("stale");
      this.abort?.abort();
    }
    return silent;
  }

  /** Back from sleep or from no network: nobody waits for the next attempt. */
  hurry() {
    this.check();
    if (this.state !== "live") this.wake();
  }

  /* A machine that slept stops the one clock, a corrected time moves the other: the longer silence counts. */
  silence() {
    return Math.max(performance.now() - this.heardAt.sinceStart, Date.now() - this.heardAt.onTheWall);
  }

  /* Read one connection to its end; true when it was accepted and ended in order. Throws when it breaks. */
  async readOnce() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    const unanswered = setTimeout(() => this.abort.abort(), SILENT_AFTER_MS);
    const headers = { Accept: "text/event-stream", ...signature(), ...(this.lastId ? { "Last-Event-ID": this.lastId } : {}) };
    const asked = fetch("/v1/events", { headers, credentials: "same-origin", cache: "no-store", signal });
    const answer = await asked.finally(() => clearTimeout(unanswered));
    if (answer.status === 401 || answer.status === 403) return this.signedOut();
    if (!answer.ok || !answer.body) return false;
    this.heard();
    this.tell("live");
    this.handlers.onOpen();
    const parser = new Parser((message) => this.take(message));
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      this.heard();
      parser.push(chunk.value);
    }
    return true;
  }

  signedOut() {
    this.running = false;
    this.tell("signed-out");
    return false;
  }

  take({ id, type, data }) {
    if (id) this.lastId = id;
    if (!data) return;
    const { conversation_id: conversationId, at, data: content } = JSON.parse(data);
    this.handlers.onEvent({ id, type, conversationId, at, data: content });
  }

  heard() {
    this.heardAt = { sinceStart: performance.now(), onTheWall: Date.now() };
  }

  pause(ms) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, ms);
    });
  }

  tell(state) {
    if (this.state === state) return;
    this.state = state;
    this.handlers.onState(state);
  }
}

/** Text chunks, cut anywhere -> messages of the event-stream format. */
export class Parser {
  /** @param {(message: {id: string, type: string, data: string}) => void} onMessage */
  constructor(onMessage) {
    this.onMessage = onMessage;
    this.rest = "";
    this.reset();
  }

  push(chunk) {
    // A lone CR at the end may be half of a CRLF: it waits for the next chunk.
    const lines = (this.rest + chunk).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop();
    for (const line of lines) this.line(line);
  }

  line(line) {
    if (line === "") return this.finish();
    const [, field, value] = /^([^:]*):? ?([\s\S]*)$/.exec(line);
    if (field === "data") this.data.push(value);
    else if (field === "id") this.id = value;
    else if (field === "event") this.type = value;
  }

  finish() {
    if (this.data.length || this.id) this.onMessage({ id: this.id, type: this.type || "message", data: this.data.join("\n") });
    this.reset();
  }

  reset() {
    this.data = [];
    this.id = "";
    this.type = "";
  }
}
