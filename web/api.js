import { SignInFailed, SignInUnreachable } from "./sign_in.js";

const ENDED = "identity_refused";
const RENEWABLE = new Set(["token_expired", "invalid_token", ENDED]);
const BUSY = new Set([429, 503]);

/** The service said no: `code` and `detail` are those of its problem document (RFC 9457). */
export class Refusal extends Error {
  /** @param {object} problem */
  constructor(problem) {
    super(problem.detail || problem.title ||
      (problem.status >= 500 ? "The service is in trouble." : "The request was refused."));
    this.problem = problem;
    this.code = problem.code ?? "internal";
    this.status = problem.status ?? 0;
  }
}

/** No answer came, and the request is not one to be sent twice unasked. */
export class Unreachable extends Error {}

/** The REST API, called with the ID token of the person and in the role they picked. */
export class Api {
  /** The role to name in each request, null to leave the choice to the service. */
  role = null;
  #apiUrl;
  #tokens;
  #patience;
  #trace;

  /**
   * @param {string} apiUrl
   * @param {import("./tokens.js").Tokens} tokens
   * @param {import("./patience.js").Patience} patience
   * @param {import("./trace.js").Trace} trace
   */
  constructor(apiUrl, tokens, patience, trace) {
    this.#apiUrl = apiUrl;
    this.#tokens = tokens;
    this.#patience = patience;
    this.#trace = trace;
  }

  /** GET: the JSON of the answer. */
  get(path, query = {}, { signal } = {}) {
    return this.call("GET", path, { query, signal, again: true });
  }

  /**
   * POST: the JSON of the answer, null for 204.
   * @param {{again?: boolean, signal?: AbortSignal}} options `again` says that sending it twice
   *   does no harm
   */
  post(path, body, options = {}) {
    return this.call("POST", path, { body, ...options });
  }

  /**
   * One request. A busy service is waited for as it told; an unreachable one, where `again`.
   * Throws Refusal, Unreachable, SignInFailed.
   */
  async call(method, path, { query = {}, body, headers = {}, signal, again = false }) {
    const url = this.#url(path, query);
    this.#trace.add({ method, url, body, headers, signed: false });
    for (let attempt = 1, renewed = false; ; attempt += 1) {
      const answer = await this.#once(method, url, body, headers, signal, again, attempt);
      if (answer === null) continue;
      if (answer.ok) return answer.status === 204 ? null : answer.json();
      const problem = await problemOf(answer);
      if (await this.busy(answer, attempt, signal)) continue;
      if (!renewed && RENEWABLE.has(problem.code)) {
        renewed = true;
        await this.#tokens.renew();
      } else if (problem.code === ENDED) {
        // Cognito takes this person's tokens no more, not even new ones.
        this.#tokens.forget();
        throw new SignInFailed(new Refusal(problem).message);
      } else {
        throw new Refusal(problem);
      }
    }
  }

  /** Whether the service or the storage answered that it is busy: then it has been waited for. */
  async busy(answer, attempt, signal) {
    if (!BUSY.has(answer.status)) return false;
    await this.#patience.wait("busy", waitSeconds(answer, attempt), signal);
    return true;
  }

  /** The answer, or null after a wait for the network. */
  async #once(method, url, body, headers, signal, again, attempt) {
    try {
      const token = await this.#tokens.idToken();
      const answer = await fetch(url, {
        method,
        signal,
        headers: { ...headers, Authorization: `Bearer ${token}`, ...typeOf(body) },
        body: body === undefined ? undefined : JSON.stringify(body),
        referrerPolicy: "no-referrer",
      });
      this.#patience.reached();
      return answer;
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const unsent = error instanceof SignInUnreachable;
      if (!unsent && !(error instanceof TypeError)) throw error;
      if (!again && !unsent) {
        throw new Unreachable("No answer came. It may have been done all the same: look first.");
      }
      await this.#patience.wait("offline", Math.min(30, 2 ** attempt), signal);
      return null;
    }
  }

  #url(path, query) {
    const url = new URL(this.#apiUrl + path);
    const all = this.role === null ? query : { ...query, role: this.role };
    for (const [name, value] of Object.entries(all)) {
      if (value !== undefined && value !== null) url.searchParams.set(name, value);
    }
    return url.href;
  }
}

function typeOf(body) {
  return body === undefined ? {} : { "Content-Type": "application/json" };
}

async function problemOf(answer) {
  try {
    return { status: answer.status, ...(await answer.json()) };
  } catch {
    return { status: answer.status };
  }
}

function waitSeconds(answer, attempt) {
  const told = Number(answer.headers.get("Retry-After"));
  return told > 0 ? told : Math.min(30, 2 ** attempt);
}
