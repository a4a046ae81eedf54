/* GET /v1/events -> events in order, through every interruption.
 *
 * Server-sent events read with `fetch`: unlike EventSource it can name the last event on the first
 * request of a new page life, sees 401 and 503 for what they are, and notices the service's
 * heartbeats (comments), so that silence is told apart from a dead line. */

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 8000;
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
    this.heardAt = performance.now();
    this.running = false;
    this.abort = null;
  }

  /** Connect, and connect again whenever the line is lost, until signed out. */
  async run() {
    if (this.running) return;
    this.running = true;
    let attempt = 0;
    this.tell("connecting");
    while (this.running) {
      const heard = await this.readOnce().catch(() => false);
      if (!this.running) return;
      // The service ends a stream now and then; only a connection that was refused is worth a word.
      attempt = heard ? 0 : attempt + 1;
      if (attempt) this.tell("reconnecting");
      await pause(Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** attempt) * (0.75 + Math.random() / 2));
    }
  }

  /** Called now and then: cuts a line that has been silent too long, and says so. Returns ms of silence. */
  check() {
    const silent = performance.now() - this.heardAt;
    if (this.running && this.state === "live" && silent > SILENT_AFTER_MS) {
      this.tell("stale");
      this.abort?.abort();
    }
    return silent;
  }

  /* Read one connection to its end; true when it was accepted. Throws when it breaks. */
  async readOnce() {
    this.abort = new AbortController();
    const headers = { Accept: "text/event-stream", ...(this.lastId ? { "Last-Event-ID": this.lastId } : {}) };
    const answer = await fetch("/v1/events", { headers, credentials: "same-origin", cache: "no-store", signal: this.abort.signal });
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
    this.heardAt = performance.now();
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

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
