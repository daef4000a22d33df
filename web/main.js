import { App } from "./app.js";
import { loadConfig } from "./config.js";
import { element } from "./element.js";
import { Notices } from "./notice.js";
import { Patience } from "./patience.js";
import { beginSignIn, finishSignIn, SignInFailed, SignInUnreachable } from "./sign_in.js";
import { Tokens } from "./tokens.js";
import { Trace } from "./trace.js";
import { welcomeView } from "./welcome_view.js";

const frame = document.getElementById("frame");
const account = document.getElementById("account");
const live = document.getElementById("notices");
const patience = new Patience(live);

// A page that the browser kept shows the files of whoever was signed in when it was left.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.body.replaceChildren();
  location.reload();
});

async function start() {
  const config = await loadConfig();
  const tokens = new Tokens(config);
  const signedOut = (sentence) => {
    account.replaceChildren();
    frame.replaceChildren(welcomeView(sentence, () => beginSignIn(config, location.hash)));
  };
  try {
    const answer = await finishSignIn(config);
    if (answer) tokens.take(answer);
    else if (tokens.canGoOn) await renewed(tokens);
    else {
      signedOut("");
      return;
    }
  } catch (error) {
    if (!(error instanceof SignInFailed || error instanceof SignInUnreachable)) throw error;
    signedOut(error.message);
    return;
  }
  await new App({
    config, tokens, patience, frame, account, signedOut,
    notices: new Notices(live), trace: new Trace(),
  }).start();
}

/** Renew the tokens of before the reload, for as long as Cognito takes. */
async function renewed(tokens) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tokens.renew();
      return;
    } catch (error) {
      if (!(error instanceof SignInUnreachable)) throw error;
      await patience.wait("offline", Math.min(30, 2 ** attempt));
    }
  }
}

start().catch((error) => {
  frame.replaceChildren(element("main", {}, element("section", { class: "panel" },
    element("h1", {}, "The page cannot start"), element("p", {}, error.message))));
});
