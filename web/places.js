import { element } from "./element.js";
import { hashOf, nameOf } from "./object_key.js";
import { shownName } from "./shown_name.js";

/**
 * @typedef {{prefix: string, title: string, permissions: Set<string>}} Place
 */

/** One place for each prefix of the locations, with all that any of them permits. */
export function placesOf(locations) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  for (const { prefix, permissions, via } of locations) {
    const place = places.get(prefix) ?? { prefix, title: titleOf(prefix, via), permissions: new Set() };
    for (const permission of permissions) place.permissions.add(permission);
    places.set(prefix, place);
  }
  return [...places.values()];
}

/** Whether the places allow the action at the key. The service decides; this only greys out. */
export function mayAt(places, action, key) {
  return places.some((place) => key.startsWith(place.prefix) && place.permissions.has(action));
}

/** The place in which the key stands, the innermost one; undefined for none. */
export function placeOf(places, key) {
  return places
    .filter((place) => key.startsWith(place.prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length)[0];
}

/** The list of places as navigation. */
export function placeList(places, current) {
  return element("nav", { "aria-label": "Places", class: "places" },
    element("ul", {}, ...places.filter((place) => place.permissions.has("list")).map((place) =>
      element("li", {}, element("a", {
        href: hashOf(place.prefix), "aria-current": place === current ? "page" : undefined,
      }, place.title)))));
}

/** The way from the place to the folder. */
export function breadcrumbs(places, prefix) {
  const place = placeOf(places, prefix) ?? { prefix: "", title: "Bucket" };
  const names = prefix.slice(place.prefix.length).split("/").slice(0, -1);
  const steps = [{ prefix: place.prefix, label: place.title }];
  for (const name of names) {
    const above = steps.at(-1).prefix;
    steps.push({ prefix: `${above}${name}/`, label: shownName(name) });
  }
  return element("nav", { "aria-label": "Breadcrumbs", class: "crumbs" },
    element("ol", {}, ...steps.map((step, index) => element("li", {}, index === steps.length - 1
      ? element("span", { "aria-current": "location" }, step.label)
      : element("a", { href: hashOf(step.prefix) }, step.label)))));
}

function titleOf(prefix, via) {
  if (via === "own") return "My files";
  if (prefix === "") return "Whole bucket";
  const name = nameOf(prefix);
  return name.charAt(0).toUpperCase() + name.slice(1);
}
