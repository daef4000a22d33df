import { ask } from "./dialogue.js";
import { button, element } from "./element.js";
import { clockText } from "./measures.js";
import { plainName } from "./shown_name.js";
import { axiosText, curlText } from "./trace.js";

/** The requests of what one just did, each as a command for curl and as code for axios. */
export function showRequests(trace, apiUrl) {
  const code = element("pre", { tabindex: 0, "aria-label": "Request" }, "Pick a request.");
  const copy = button("Copy", () => navigator.clipboard.writeText(code.textContent), { disabled: true });
  const show = (text) => {
    code.textContent = text;
    copy.disabled = false;
  };
  const list = element("ul", { class: "requests" }, ...trace.sent.map((sent) => element("li", {},
    element("span", { class: "request" }, `${sent.method} ${shortened(sent, apiUrl)}`),
    element("time", {}, clockText(sent.at)),
    ...Object.entries({ curl: curlText, axios: axiosText }).map(([tool, textOf]) =>
      button(tool, () => show(textOf(sent)),
        { "aria-label": `${tool}: ${sent.method} ${shortened(sent, apiUrl)}` })))));
  return ask("What the page has asked for", [
    element("p", { class: "note" }, "$TOKEN and token stand for your ID token."), list, code, copy,
  ], [{ label: "Close", value: null }]);
}

/** The address for reading: without its host, or without its signature. */
function shortened({ url, signed }, apiUrl) {
  if (!signed) return readable(url.slice(apiUrl.length));
  const { host, pathname } = new URL(url);
  return `${host}${readable(pathname)}`;
}

function readable(text) {
  try {
    return plainName(decodeURIComponent(text));
  } catch {
    return text; // no UTF-8
  }
}
