import { button, element } from "./element.js";

/** What somebody who is not signed in sees. */
export function welcomeView(sentence, signIn) {
  return element("main", {}, element("section", { class: "panel welcome", "aria-labelledby": "welcome" },
    element("h1", { id: "welcome" }, "Your files, and nobody else's"),
    sentence ? element("p", { class: "notice problem", role: "alert" }, sentence) : null,
    element("p", {}, "Sign in to see your own folder and what is shared with you. " +
      "The storage itself decides what that is."),
    button("Sign in", signIn, { class: "main" })));
}
