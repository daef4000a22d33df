// Authorization code with PKCE (RFC 6749 and 7636) at the user pool's own pages, so that a second
// factor or another provider is the pool's affair.
const SCOPES = "openid email profile aws.cognito.signin.user.admin";
const STARTED = "bucketpass.sign-in";

/** The sign-in did not lead to tokens; the message is for people. */
export class SignInFailed extends Error {}

/** Cognito could not be reached, or had no time. */
export class SignInUnreachable extends Error {}

/**
 * Leave for the pool's pages.
 * @param {import("./config.js").Config} config
 * @param {string} hash where to be afterwards, as `location.hash` has it
 */
export async function beginSignIn(config, hash) {
  const verifier = randomText();
  const state = randomText();
  sessionStorage.setItem(STARTED, JSON.stringify({ verifier, state, hash }));
  location.assign(`${config.signInUrl}/oauth2/authorize?${new URLSearchParams({
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: pageUrl(),
    scope: SCOPES,
    state,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: "S256",
  })}`);
}

/**
 * Redeem the code that the address carries, and take it out of the address.
 * @returns {Promise<object|null>} the answer of the token endpoint, null where there is no code
 */
export async function finishSignIn(config) {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("code") && !answer.has("error")) return null;
  const started = JSON.parse(sessionStorage.getItem(STARTED) ?? "{}");
  sessionStorage.removeItem(STARTED);
  history.replaceState(null, "", `${location.pathname}${started.hash ?? ""}`);
  if (answer.has("error")) throw new SignInFailed("The sign-in was not completed. Try again.");
  if (!started.state || answer.get("state") !== started.state) {
    // Somebody else's code: it would sign this person in as that other one.
    throw new SignInFailed("The sign-in did not begin in this tab. Try again.");
  }
  return askForTokens(config, {
    grant_type: "authorization_code",
    code: answer.get("code"),
    redirect_uri: pageUrl(),
    code_verifier: started.verifier,
  });
}

/** New ID and access tokens for the refresh token. */
export function renewTokens(config, refreshToken) {
  return askForTokens(config, { grant_type: "refresh_token", refresh_token: refreshToken });
}

/** Where to go to be signed out at the pool's pages, too. */
export function signOutUrl(config) {
  const back = new URLSearchParams({ client_id: config.clientId, logout_uri: pageUrl() });
  return `${config.signInUrl}/logout?${back}`;
}

async function askForTokens(config, grant) {
  let answer;
  try {
    answer = await fetch(`${config.signInUrl}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({ client_id: config.clientId, ...grant }),
      referrerPolicy: "no-referrer",
    });
  } catch (cause) {
    throw new SignInUnreachable("Cognito cannot be reached.", { cause });
  }
  if (answer.status === 429 || answer.status >= 500) {
    throw new SignInUnreachable(`Cognito answers ${answer.status}.`);
  }
  if (!answer.ok) throw new SignInFailed("Your sign-in has ended. Sign in again.");
  return answer.json();
}

function pageUrl() {
  return `${location.origin}/`;
}

function randomText() {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

async function challengeOf(verifier) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return base64Url(new Uint8Array(digest));
}

function base64Url(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
