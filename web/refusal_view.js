import { button, element } from "./element.js";
import { hashOf } from "./object_key.js";
import { plainName } from "./shown_name.js";

/**
 * Why the person may not do that, from /explain; null where there is no explanation either.
 * @param {import("./api.js").Api} api
 * @param {"list"|"read"|"write"|"delete"} action
 */
export async function explained(api, action, key) {
  try {
    return await api.get("/explain", { action, key });
  } catch {
    return null;
  }
}

/**
 * A refusal as a panel: what was refused, as whom, what would help.
 * @param {{pickRole: (role: string) => void}} on
 */
export function refusalView(refusal, explanation, key, on) {
  const panel = element("section", { class: "refusal", "aria-labelledby": "refusal" },
    element("h2", { id: "refusal" }, refusal.code === "access_denied"
      ? "This is not open to you" : refusal.problem?.title ?? "This did not work"),
    element("p", {}, refusal.message),
    element("p", { class: "key" }, element("code", {}, plainName(key) || "/")));
  if (!explanation) return panel;
  panel.append(...reasons(explanation));
  for (const role of explanation.remedy?.roles ?? []) {
    panel.append(button(`Act as ${nameOfRole(role)}`, () => on.pickRole(role), { class: "main" }), " ");
  }
  if (explanation.location) {
    const { prefix } = explanation.location;
    panel.append(element("a", { href: hashOf(prefix) }, "Go to the nearest place of yours"));
  }
  return panel;
}

/** The explanation in one sentence, for a message. */
export function reasonText(explanation) {
  return explanation?.remedy?.detail ?? "";
}

/** A role's name without the rest of its ARN. */
export function nameOfRole(role) {
  return role.slice(role.lastIndexOf("/") + 1);
}

function reasons({ allowed, missing, role, identityId, remedy }) {
  if (allowed) {
    return [element("p", {}, "By your places it would be allowed; the storage refused it all the same.")];
  }
  const facts = [["Missing", `the permission to ${missing}`], ["Your identity", identityId]];
  if (role) facts.push(["Your role", nameOfRole(role)]);
  return [
    element("p", {}, remedy?.code === "pick_role"
      ? "One of your other roles may do this." : remedy?.detail ?? ""),
    element("dl", {}, ...facts.flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)])),
  ];
}
