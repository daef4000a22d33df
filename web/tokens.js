import { renewTokens, SignInFailed } from "./sign_in.js";

const REFRESH = "bucketpass.refresh-token";
// Enough for the slowest request that is sent with a token.
const RENEW_BEFORE_MS = 5 * 60 * 1000;

/**
 * The tokens of the person who is signed in. ID and access token are in memory alone; the refresh
 * token is in sessionStorage, which ends with the tab, so that a reload asks for no password.
 */
export class Tokens {
  #config;
  #id = "";
  #access = "";
  #renewAt = 0;
  #renewal = null;

  /** @param {import("./config.js").Config} config */
  constructor(config) {
    this.#config = config;
  }

  /** Whether there is a sign-in to go on with. */
  get canGoOn() {
    return sessionStorage.getItem(REFRESH) !== null;
  }

  /** Take over what the token endpoint answered. */
  take(answer) {
    this.#id = answer.id_token;
    this.#access = answer.access_token;
    // Measured from now: the clock of this machine may differ from Cognito's.
    const life = answer.expires_in * 1000;
    this.#renewAt = Date.now() + life - Math.min(RENEW_BEFORE_MS, life / 2);
    if (answer.refresh_token) sessionStorage.setItem(REFRESH, answer.refresh_token);
  }

  /** A good ID token, renewed if it is about to end. Throws SignInFailed, SignInUnreachable. */
  async idToken() {
    if (Date.now() >= this.#renewAt) await this.renew();
    return this.#id;
  }

  /** A good access token, which nothing but the sign-out needs. */
  async accessToken() {
    await this.idToken();
    return this.#access;
  }

  /** Renew now; callers at the same time share one renewal. */
  renew() {
    this.#renewal ??= this.#renewNow().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  forget() {
    sessionStorage.removeItem(REFRESH);
    this.#id = this.#access = "";
    this.#renewAt = 0;
  }

  async #renewNow() {
    const refreshToken = sessionStorage.getItem(REFRESH);
    if (refreshToken === null) throw new SignInFailed("You are not signed in.");
    try {
      this.take(await renewTokens(this.#config, refreshToken));
    } catch (error) {
      if (error instanceof SignInFailed) this.forget();
      throw error;
    }
  }
}
