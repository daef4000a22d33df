import { Refusal } from "./api.js";
import { button, element } from "./element.js";
import { FileGrid } from "./file_grid.js";
import { arranged, Listing } from "./listing.js";
import { counted } from "./measures.js";
import { folderOf, hashOf } from "./object_key.js";
import { breadcrumbs, mayAt } from "./places.js";
import { explained, refusalView } from "./refusal_view.js";

const SHOW_EVERY_MS = 500;

/**
 * One folder: the way to it, its entries, and what can be done with them.
 *
 * `actions` are {label, needs: "none"|"one"|"some", isAllowed: (prefix) => boolean,
 * run: (entries, view) => void, key?}; `open` is called for a file.
 */
export class FolderView {
  #api;
  #on;
  #order = { by: "name", descending: false };
  #filter = "";

  /** @param {{open: Function, pickRole: Function, actions: object[], places: object[]}} on */
  constructor(api, prefix, on) {
    this.#api = api;
    this.#on = on;
    this.prefix = prefix;
    this.listing = new Listing(api, prefix);
    this.grid = new FileGrid({
      open: (entry) => this.#open(entry),
      sort: (by) => this.#sort(by),
      marks: () => this.#showActions(),
      nearEnd: () => this.#more(),
      key: (event) => this.#press(event),
    });
    this.#status = element("p", { class: "status", role: "status" }, "Loading …");
    this.#tools = element("div", { class: "tools", role: "group", "aria-label": "Actions" });
    this.#box = element("input", {
      type: "search", "aria-label": "Filter by name", placeholder: "Filter by name",
      on: { input: () => this.#filterBy() },
    });
    this.#place = element("div", { class: "place" }, this.grid.root);
    this.root = element("main", { id: "main" },
      element("h1", { class: "unseen" }, "Files"),
      element("div", { class: "bar" }, breadcrumbs(on.places, prefix), this.#box),
      this.#tools, this.#place, this.#status);
    this.#showActions();
  }

  #status;
  #tools;
  #box;
  #place;
  #shownAt = 0;

  /** Fetch the first page and show it, or why not. */
  async load() {
    await this.#guarded(() => this.listing.more());
  }

  /** Fetch everything anew. */
  async reload() {
    this.listing.end();
    this.listing = new Listing(this.#api, this.prefix);
    await this.#guarded(async () => {
      await this.listing.more();
      if (this.#needsAll) await this.listing.all();
    });
  }

  end() {
    this.listing.end();
  }

  get #needsAll() {
    return this.#filter !== "" || this.#order.by !== "name" || this.#order.descending;
  }

  async #guarded(fetching) {
    const { listing } = this;
    try {
      await fetching();
      if (listing === this.listing) this.#show();
    } catch (error) {
      if (error.name === "AbortError" || listing !== this.listing) return;
      if (!(error instanceof Refusal)) throw error;
      const explanation = error.status === 403 ? await explained(this.#api, "list", this.prefix) : null;
      this.#status.textContent = "";
      this.#place.replaceChildren(refusalView(error, explanation, this.prefix, this.#on));
    }
  }

  #show() {
    this.#shownAt = Date.now();
    const shown = arranged(this.listing.entries, this.#order, this.#filter);
    this.grid.show(shown, this.#order);
    const all = this.listing.entries.length;
    const number = counted(shown.length, "entry", "entries") +
      (this.#filter ? ` of ${all.toLocaleString("en")}` : "");
    this.#status.textContent = this.listing.isComplete
      ? (all === 0 ? this.#emptyText : number) : `${number}, and more as you scroll`;
  }

  get #emptyText() {
    return mayAt(this.#on.places, "write", this.prefix)
      ? "This folder is empty. Drop files or folders here." : "This folder is empty.";
  }

  #more() {
    if (this.listing.isComplete || this.listing.entries.length === 0) return;
    this.#guarded(() => this.listing.more());
  }

  /** Sorting tens of thousands after every page would stop the typing. */
  #showSometimes() {
    if (Date.now() - this.#shownAt > SHOW_EVERY_MS) this.#show();
  }

  #fetchForOrder() {
    this.#show();
    // An order or a filter holds for the whole folder, not for what happened to be there.
    if (this.#needsAll) this.#guarded(() => this.listing.all(() => this.#showSometimes()));
  }

  #sort(by) {
    const same = this.#order.by === by;
    this.#order = { by, descending: same && !this.#order.descending };
    this.#fetchForOrder();
  }

  #filterBy() {
    this.#filter = this.#box.value;
    this.#fetchForOrder();
  }

  #open(entry) {
    if (entry.isFolder) location.hash = hashOf(entry.key);
    else this.#on.open(entry, this);
  }

  #press(event) {
    if (event.key === "Backspace" || (event.key === "ArrowUp" && event.altKey)) {
      location.hash = hashOf(folderOf(this.prefix));
    } else if (event.key === "/") {
      this.#box.focus();
    } else {
      const action = this.#on.actions.find(({ key }) => key === event.key);
      if (!action) return false;
      if (this.#isReady(action)) action.run(this.#subjects, this);
    }
    return true;
  }

  /** What an action is about: what is marked, else what has the focus. */
  get #subjects() {
    const { chosen, active } = this.grid;
    return chosen.length || !active ? chosen : [active];
  }

  #isReady({ needs, isAllowed }, count = this.#subjects.length) {
    const enough = { none: true, one: count === 1, some: count > 0 }[needs];
    return enough && isAllowed(this.prefix);
  }

  #showActions() {
    const count = this.grid?.chosen.length ?? 0;
    if (!this.#tools) return;
    const wanted = this.#on.actions.filter((action) => action.isAllowed(this.prefix));
    if (this.#tools.children.length !== wanted.length) {
      this.#tools.replaceChildren(...wanted.map((action) =>
        button(action.label, () => action.run(this.grid.chosen, this), { class: action.kind ?? "" })));
    }
    wanted.forEach((action, index) => {
      this.#tools.children[index].disabled = !this.#isReady(action, count);
    });
  }
}
