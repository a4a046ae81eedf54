/* Types of the browser client, the same for `evenkeel.mjs` and for the global `Evenkeel` of `evenkeel.js`. */

export interface Options {
  /** The service's address: `https://evenkeel.example`. */
  endpoint: string;
  /** A key of the kind `publishable`, made for this page's origin. */
  publishableKey: string;
  /** An id that nobody can guess; without one, the tab gets a random one and keeps it. */
  conversation?: string;
  /** Where undelivered messages wait: with the tab (default), with the browser, or in memory alone. */
  storage?: "session" | "local" | "none";
  queue?: string;
  channel?: string;
  /** The visitor, by an id without personal data. */
  contact?: string;
}

export interface CustomerTurn {
  text: string;
  role?: "customer";
  /** Made when left out. The same id is counted once. */
  turnId?: string;
  /** When it was written, if not now: a date, or ISO 8601 with a zone. */
  sentAt?: Date | string;
}

/** All that a key with `answers: "none"` is told. */
export interface Receipt {
  conversation_id: string;
  turn_id: string;
}

/** What a key with `answers: "full"` is told; the whole shape stands in the service's /docs. */
export interface Assessment extends Receipt {
  score: { status: "scored" | "abstained"; scores: Record<string, number>; flags: Record<string, boolean> } & Record<string, unknown>;
  risk: { level: number; band: "calm" | "watch" | "high" | "critical"; trend: string; stage: string; forecast: { probability: number; within_turns: number; because: string[] } | null };
  recommendation: { action: "none" | "phrase" | "consult" | "handoff"; queue: string | null } & Record<string, unknown>;
  bot_muted: boolean;
}

export interface Status {
  /** `waiting`: the service did not answer, or asked for patience; a refused origin looks the same, browsers hide it. */
  state: "idle" | "sending" | "waiting" | "offline" | "misconfigured";
  waiting: number;
  retryInMs?: number;
}

export class EvenkeelError extends Error {
  readonly code: "refused" | "expired" | "full" | "broken" | "closed" | "misconfigured";
  /** Of the service's answer; 0 without one. */
  readonly status: number;
  readonly errors: { field: string; message: string }[];
}

export interface Client {
  readonly conversation: string;
  /** Never throws; the promise may be left alone. */
  send(turn: CustomerTurn): Promise<Assessment | Receipt>;
  onAssessment(listener: (assessment: Assessment) => void): () => void;
  onStatus(listener: (status: Status) => void): () => void;
  close(): void;
}

export function connect(options: Options): Client;

declare const Evenkeel: { readonly connect: typeof connect; readonly EvenkeelError: typeof EvenkeelError };
export default Evenkeel;

declare global {
  const Evenkeel: { readonly connect: typeof connect; readonly EvenkeelError: typeof EvenkeelError };
}
