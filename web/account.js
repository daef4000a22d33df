import { ask } from "./dialogue.js";
import { button, element } from "./element.js";
import { timeText } from "./measures.js";
import { nameOfRole } from "./refusal_view.js";

/**
 * The corner of the page that says who is signed in.
 * @param {{me: object|null, role: string|null, roles: string[]}} person
 * @param {{requests: () => void, signOut: () => void, pickRole: (role: string) => void}} on
 */
export function accountCorner(person, on) {
  const corner = [button("Requests", on.requests, { class: "quiet" })];
  if (person.roles.length > 1) corner.push(rolePicker(person, on.pickRole));
  if (person.me) corner.push(button(person.me.username, () => showAccount(person.me), { class: "quiet" }));
  corner.push(button("Sign out", on.signOut, { class: "quiet" }));
  return corner;
}

/** Who has several roles and named none yet, picks one. */
export function roleChoice(roles, pickRole) {
  return element("section", { class: "panel", "aria-labelledby": "choose" },
    element("h1", { id: "choose" }, "As whom?"),
    element("p", {}, "You have several roles, and none of them contains the others. " +
      "Pick one; you can change it at any time."),
    element("div", { class: "choices" }, ...roles.map((role) =>
      button(`Act as ${nameOfRole(role)}`, () => pickRole(role), { class: "main" }))));
}

function rolePicker({ role, roles }, pickRole) {
  // Who named none acts in the role that the token prefers.
  const all = roles.includes(role) || role === null ? roles : [role, ...roles];
  // Else the first role would look picked, and picking it would change nothing.
  const none = role === null
    ? element("option", { value: "", selected: true, disabled: true }, "Choose a role") : null;
  const select = element("select", { "aria-label": "Role", on: { change: () => pickRole(select.value) } },
    none, ...all.map((name) => element("option", { value: name, selected: name === role }, nameOfRole(name))));
  return select;
}

function showAccount(me) {
  const facts = [
    ["User name", me.username],
    ["Identity id", me.identityId],
    ["Groups", me.groups.join(", ") || "none"],
    ["Role", nameOfRole(me.role)],
    ["Credentials", `by ${me.credentialSource}, until ${timeText(new Date(me.credentialsExpireAt))}`],
    ["Your folder", me.homePrefix],
    ["Bucket", me.bucket],
  ];
  return ask("Who am I?", [element("dl", {}, ...facts.flatMap(([name, value]) =>
    [element("dt", {}, name), element("dd", {}, value)]))], [{ label: "Close", value: null }]);
}
