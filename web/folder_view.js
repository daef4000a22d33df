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
  #coming = null;
  #isStuck = false;
  #isOpening = false;

  /** Fetch the first page and show it, or why not. */
  async load() {
    await this.#guarded(this.listing, () => this.listing.more(), () => this.load());
  }

  /** Fetch everything anew; until it is there, what was there before stays. */
  async reload() {
    this.#coming?.end();
    const fresh = new Listing(this.#api, this.prefix);
    this.#coming = fresh;
    await this.#guarded(fresh, async () => {
      await fresh.more();
      if (this.#needsAll) await fresh.all();
      if (this.#coming !== fresh) return;
      this.listing.end();
      this.listing = fresh;
      this.#coming = null;
    }, () => this.reload());
  }

  end() {
    this.#coming?.end();
    this.listing.end();
  }

  get #needsAll() {
    return this.#filter !== "" || this.#order.by !== "name" || this.#order.descending;
  }

  /** Fetch for a listing and show it, or why not; `again` is what another try is. */
  async #guarded(listing, fetching, again) {
    const isWanted = () => listing === this.#coming || listing === this.listing;
    try {
      await fetching();
      if (listing === this.listing) {
        this.#isStuck = false;
        this.#show();
      }
    } catch (error) {
      if (error.name === "AbortError" || !isWanted()) return;
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 403) {
        const explanation = await explained(this.#api, "list", this.prefix);
        // It may have come out well in between.
        if (isWanted()) this.#refuse(error, explanation);
      } else {
        this.#offerAgain(error, again);
      }
    }
  }

  #refuse(error, explanation) {
    this.#status.textContent = "";
    this.#place.replaceChildren(refusalView(error, explanation, this.prefix, this.#on));
  }

  /** What is there stays, and is all that is fetched unless the person wants another try. */
  #offerAgain(error, again) {
    this.#isStuck = true;
    if (this.listing.entries.length === 0 && !this.listing.isComplete) this.#refuse(error, null);
    const retry = async () => {
      this.#status.textContent = "Loading …";
      this.grid.root.focus({ preventScroll: true });
      this.#isStuck = false;
      await again();
    };
    this.#status.replaceChildren(`Not all could be fetched: ${error.message} `, button("Try again", retry));
  }

  #show() {
    this.#shownAt = Date.now();
    if (!this.grid.root.isConnected) this.#place.replaceChildren(this.grid.root);
    const shown = arranged(this.listing.entries, this.#order, this.#filter);
    this.grid.show(shown, this.#order);
    const all = this.listing.entries.length;
    const number = counted(shown.length, "entry", "entries") +
      (this.#filter ? ` of ${all.toLocaleString("en")}` : "");
    // Only a fetch that succeeds makes the offer of another try go.
    if (this.#isStuck) return;
    this.#status.textContent = this.listing.isComplete
      ? (all === 0 ? this.#emptyText : number) : `${number}, and more as you scroll`;
  }

  get #emptyText() {
    return mayAt(this.#on.places, "write", this.prefix)
      ? "This folder is empty. Drop files or folders here." : "This folder is empty.";
  }

  #more() {
    const { listing } = this;
    if (this.#isStuck || listing.isComplete || listing.entries.length === 0) return;
    this.#guarded(listing, () => listing.more(), () => this.#more());
  }

  /** Sorting tens of thousands after every page would stop the typing. */
  #showSometimes() {
    if (Date.now() - this.#shownAt > SHOW_EVERY_MS) this.#show();
  }

  #fetchForOrder() {
    const { listing } = this;
    this.#show();
    // An order or a filter holds for the whole folder, not for what happened to be there.
    if (!this.#needsAll || listing.isComplete) return;
    this.#guarded(listing, () => listing.all(() => this.#showSometimes()), () => this.#fetchForOrder());
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

  async #open(entry) {
    if (entry.isFolder) {
      location.hash = hashOf(entry.key);
    } else if (!this.#isOpening) {
      // One preview would lie on the other.
      this.#isOpening = true;
      try {
        await this.#on.open(entry, this);
      } finally {
        this.#isOpening = false;
      }
    }
  }

  #press(event) {
    if (event.key === "Backspace" || (event.key === "ArrowUp" && event.altKey)) {
      // Above the topmost place there is only a refusal.
      const above = folderOf(this.prefix);
      if (mayAt(this.#on.places, "list", above)) location.hash = hashOf(above);
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
