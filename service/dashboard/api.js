/* Calls of the public API -> values, or one ApiError. The browser's session cookie signs them, in a panel its pass.
 *
 * Every error of the service is `application/problem+json`; anything else (a proxy's page, no
 * network) becomes an ApiError too, so that a view has one thing to show. */

/** What went wrong. `status` is 0 when nothing answered. */
export class ApiError extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.detail = detail;
  }
}

let pass = null;

/** Sign every call with a panel's pass: in a frame of another site there is no cookie. @param {string|null} given */
export function signWith(given) {
  pass = given;
}

/** The headers that sign a call; none where a cookie does. */
export function signature() {
  return pass === null ? {} : { Authorization: `Bearer ${pass}` };
}

const PAGE_SIZE = 200;
const MAX_PAGES = 50;

/**
 * The conversations of the board, riskiest first, page by page.
 * @param {Record<string, string|number|boolean>} filter parameters of the API
 * @param {(rows: object[]) => void} onPage called per page, so that the first rows show at once
 * @returns {Promise<boolean>} whether these were all; the rest of very many are the calmest
 */
export async function allConversations(filter, onPage) {
  const query = new URLSearchParams({ ...filter, limit: PAGE_SIZE });
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await request(`/v1/conversations?${query}`);
    onPage(answer.conversations);
    if (answer.next_cursor === null) return true;
    query.set("cursor", answer.next_cursor);
  }
  return false;
}

/** Those of these conversations that exist, without their turns. @param {string[]} ids at most 50 */
export async function conversationsOf(ids) {
  const query = new URLSearchParams([...ids.map((id) => ["id", id]), ["limit", ids.length]]);
  return (await request(`/v1/conversations?${query}`)).conversations;
}

/** The riskiest conversations whose id holds this, whatever their age and status. @param {string} part */
export async function conversationsNamed(part) {
  const query = new URLSearchParams({ id_contains: part, limit: PAGE_SIZE });
  return (await request(`/v1/conversations?${query}`)).conversations;
}

/** One conversation with every turn. @param {string} id @param {string} language of the reasons */
export function conversation(id, language) {
  return request(`/v1/conversations/${encodeURIComponent(id)}?language=${language}`);
}

/** Who is signed in. */
export function whoAmI() {
  return request("/v1/me");
}

/**
 * Send JSON and read the answer: what a page changes. @param {string} method @param {string} path @param {object} [body]
 * @param {AbortSignal} [signal] an aborted call fails as one that nobody answered
 */
export function send(method, path, body, signal) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  // The header tells the service that its own page asks, also where a browser does not say so itself (plain HTTP).
  const headers = { "Content-Type": "application/json", "X-Evenkeel-Board": "1" };
  return request(path, { method, headers, signal, ...sent });
}

/** End this browser's session. */
export function signOut() {
  return send("DELETE", "/session");
}

/** Read JSON. @param {string} path */
export function read(path) {
  return request(path);
}

/**
 * Send JSON and read an answer that comes line by line, each a JSON object.
 * @param {string} path @param {object} body @param {AbortSignal} signal ends it; then nothing is thrown or told any more
 * @param {(line: object) => void} onLine
 */
export async function sendForLines(path, body, signal, onLine) {
  const headers = { "Content-Type": "application/json", Accept: "application/x-ndjson" };
  try {
    const answer = await fetch(path, { method: "POST", credentials: "same-origin", cache: "no-store", headers, body: JSON.stringify(body), signal });
    if (!answer.ok) throw await refused(answer);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + part.value).split("\n");
      rest = lines.pop();
      for (const line of lines) onLine(JSON.parse(line));
    }
  } catch (failure) {
    if (signal.aborted) return;
    throw failure instanceof ApiError ? failure : new ApiError(0, "");
  }
}

async function refused(answer) {
  const body = await answer.json().catch(() => null);
  return new ApiError(answer.status, body?.detail ?? answer.statusText);
}

async function request(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options, headers: { Accept: "application/json", ...signature(), ...options.headers } });
  } catch {
    throw new ApiError(0, "");
  }
  if (!answer.ok) throw await refused(answer);
  return answer.json().catch(() => null);
}

/**
 * Exchange a one-time token for the session cookie, as the button behind the printed link does.
 * @param {string} token
 * @returns {Promise<boolean>} whether it was accepted
 */
export async function signIn(token) {
  const body = new URLSearchParams({ token });
  const answer = await fetch("/session", { method: "POST", body, credentials: "same-origin", cache: "no-store", headers: { "X-Evenkeel-Board": "1" } });
  return answer.ok;
}
