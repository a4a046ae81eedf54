/* Calls of the public API -> values, or one ApiError. The browser's session cookie signs them.
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

const PAGE_SIZE = 200;
const MAX_PAGES = 50;

/**
 * All conversations of the board, riskiest first, page by page.
 * @param {(rows: object[]) => void} onPage called per page, so that the first rows show at once
 */
export async function allConversations(onPage) {
  let cursor = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const more = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await request(`/v1/conversations?limit=${PAGE_SIZE}${more}`);
    onPage(answer.conversations);
    cursor = answer.next_cursor ?? null;
    if (cursor === null) return;
  }
}

/** One conversation with every turn. @param {string} id */
export function conversation(id) {
  return request(`/v1/conversations/${encodeURIComponent(id)}`);
}

async function request(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch {
    throw new ApiError(0, "");
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new ApiError(answer.status, body?.detail ?? answer.statusText);
  return body;
}

/**
 * Exchange a one-time token for the session cookie, as following the printed link does.
 * @param {string} token
 * @returns {Promise<boolean>} whether it was accepted
 */
export async function signIn(token) {
  const answer = await fetch(`/?token=${encodeURIComponent(token)}`, { credentials: "same-origin", cache: "no-store" });
  return answer.ok;
}
