import { element } from "./element.js";
import { sizeText, timeText } from "./measures.js";
import { hashOf } from "./object_key.js";
import { plainName, shownName } from "./shown_name.js";

const ROW = 40;
const SPARE_ROWS = 8;
const COLUMNS = [["name", "Name"], ["size", "Size"], ["modified", "Changed"], ["type", "Type"]];

/**
 * The entries of a folder as a grid of which only the visible rows exist, so that tens of
 * thousands cost no more than a screenful. Keys work as in the grids of the ARIA practices.
 */
export class FileGrid {
  /** Keys of the entries that are marked. */
  marked = new Set();
  #entries = [];
  #active = 0;
  #anchor = 0;
  #rows = new Map();
  #on;

  /**
   * @param {{open: (entry) => void, sort: (by: string) => void, marks: () => void,
   *   nearEnd: () => void, key: (event: KeyboardEvent) => boolean}} on `key` gets the keys that
   *   the grid has no use for
   */
  constructor(on) {
    this.#on = on;
    this.#headings = COLUMNS.map(([by, label]) => this.#heading(by, label));
    this.body = element("div", { role: "rowgroup", class: "rows" });
    this.scroller = element("div", { class: "scroller", on: { scroll: () => this.#draw() } }, this.body);
    this.root = element("div", {
      role: "grid", class: "grid", "aria-label": "Files and folders", "aria-multiselectable": "true",
      on: { keydown: (event) => this.#press(event) },
    },
    element("div", { role: "rowgroup" }, element("div", { role: "row", class: "row heads", "aria-rowindex": 1 },
      element("span", { role: "columnheader", class: "mark" }, this.#markAll()), ...this.#headings)),
    this.scroller);
    new ResizeObserver(() => this.#draw()).observe(this.scroller);
  }

  #headings;

  /** Show these entries; marks and the place of the focus stay with their keys, or next to them. */
  show(entries, order) {
    const known = new Set(entries.map((entry) => entry.key));
    const isLeft = ({ key }) => known.has(key);
    const kept = this.#entries.slice(this.#active).find(isLeft)
      ?? this.#entries.slice(0, this.#active).findLast(isLeft);
    this.#entries = entries;
    this.#active = Math.max(0, entries.findIndex((entry) => entry.key === kept?.key));
    for (const key of this.marked) if (!known.has(key)) this.marked.delete(key);
    COLUMNS.forEach(([by], index) => {
      const sorted = order.descending ? "descending" : "ascending";
      this.#headings[index].setAttribute("aria-sort", order.by === by ? sorted : "none");
    });
    this.root.setAttribute("aria-rowcount", String(entries.length + 1));
    this.body.style.height = `${entries.length * ROW}px`;
    this.#redraw();
  }

  /** The marked entries, in the order of the grid. */
  get chosen() {
    return this.#entries.filter((entry) => this.marked.has(entry.key));
  }

  /** The entry that has the focus, or would. */
  get active() {
    return this.#entries[this.#active];
  }

  focus(key) {
    const index = this.#entries.findIndex((entry) => entry.key === key);
    if (this.#entries.length) this.#goTo(index < 0 ? this.#active : index);
    else this.root.focus();
  }

  unmark() {
    this.marked.clear();
    this.#redraw();
  }

  #heading(by, label) {
    return element("span", { role: "columnheader", class: by },
      element("button", { type: "button", on: { click: () => this.#on.sort(by) } }, label));
  }

  #markAll() {
    const box = element("input", { type: "checkbox", "aria-label": "Mark all", on: { change: () => {
      this.marked = new Set(box.checked ? this.#entries.map((entry) => entry.key) : []);
      this.#redraw();
    } } });
    this.allBox = box;
    return box;
  }

  #redraw() {
    const hadFocus = this.body.contains(document.activeElement) || document.activeElement === this.root;
    // Without a row the keys need another place that has the focus.
    this.root.tabIndex = this.#entries.length ? -1 : 0;
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.#draw();
    if (hadFocus) (this.#rows.get(this.#active) ?? this.root).focus({ preventScroll: true });
    const all = this.#entries.length > 0 && this.marked.size === this.#entries.length;
    this.allBox.checked = all;
    this.allBox.indeterminate = !all && this.marked.size > 0;
    this.#on.marks();
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW) - SPARE_ROWS);
    const visible = Math.ceil(this.scroller.clientHeight / ROW) + 2 * SPARE_ROWS;
    const last = Math.min(this.#entries.length, first + visible);
    const wanted = new Set([this.#active]);
    for (let index = first; index < last; index += 1) wanted.add(index);
    const hadFocus = this.body.contains(document.activeElement);
    for (const [index, row] of this.#rows) {
      if (!wanted.has(index)) {
        row.remove();
        this.#rows.delete(index);
      }
    }
    for (const index of [...wanted].sort((a, b) => a - b)) {
      if (index < this.#entries.length && !this.#rows.has(index)) this.#add(index);
    }
    if (hadFocus && !this.body.contains(document.activeElement)) this.#rows.get(this.#active)?.focus();
    if (last + 2 * SPARE_ROWS >= this.#entries.length) this.#on.nearEnd();
  }

  #add(index) {
    const row = this.#row(this.#entries[index], index);
    const following = [...this.#rows.keys()].filter((other) => other > index);
    // In the order of the rows, as a screen reader walks them.
    const before = following.length ? this.#rows.get(Math.min(...following)) : null;
    this.body.insertBefore(row, before);
    this.#rows.set(index, row);
  }

  #row(entry, index) {
    const marked = this.marked.has(entry.key);
    const box = element("input", {
      type: "checkbox", tabindex: -1, "aria-label": `Mark ${plainName(entry.name)}`,
      on: { click: (event) => {
        event.stopPropagation();
        this.#click(index, { ctrlKey: true, shiftKey: event.shiftKey });
      } },
    });
    box.checked = marked;
    const link = element("a", {
      href: hashOf(entry.key), tabindex: -1, class: entry.isFolder ? "folder" : "file",
      on: { click: (event) => this.#follow(event, entry, index) },
    }, shownName(entry.name));
    const row = element("div", {
      role: "row", class: "row", "aria-rowindex": index + 2, "aria-selected": String(marked),
      tabindex: index === this.#active ? 0 : -1,
      on: {
        click: (event) => this.#click(index, event),
        // The name opens at its first click.
        dblclick: (event) => event.target.closest("a") || this.#on.open(entry),
        focus: () => this.#activate(index),
      },
    },
    element("span", { role: "gridcell", class: "mark" }, box),
    element("span", { role: "gridcell", class: "name" }, link),
    element("span", { role: "gridcell", class: "size" }, entry.isFolder ? "" : sizeText(entry.size)),
    element("span", { role: "gridcell", class: "modified" }, entry.modified ? timeText(entry.modified) : ""),
    element("span", { role: "gridcell", class: "type" }, entry.type));
    row.style.transform = `translateY(${index * ROW}px)`;
    return row;
  }

  #follow(event, entry, index) {
    // A plain click opens here; with a key it is the browser's: a new tab, a saved link.
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.stopPropagation();
    this.#activate(index);
    // The second click of a double one wants nothing more.
    if (event.detail < 2) this.#on.open(entry);
  }

  #click(index, { ctrlKey, metaKey, shiftKey }) {
    const key = this.#entries[index].key;
    if (shiftKey) {
      const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
      this.marked = new Set(this.#entries.slice(from, to + 1).map((entry) => entry.key));
    } else if (ctrlKey || metaKey) {
      if (!this.marked.delete(key)) this.marked.add(key);
      this.#anchor = index;
    } else {
      this.marked = new Set([key]);
      this.#anchor = index;
    }
    this.#active = index;
    this.#redraw();
    this.#rows.get(index)?.focus();
  }

  #activate(index) {
    const before = this.#rows.get(this.#active);
    before?.setAttribute("tabindex", "-1");
    this.#active = index;
    this.#rows.get(index)?.setAttribute("tabindex", "0");
  }

  #goTo(index, extend = false) {
    const target = Math.max(0, Math.min(this.#entries.length - 1, index));
    this.#activate(target);
    const top = target * ROW;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    if (top + ROW > scrollTop + clientHeight) this.scroller.scrollTop = top + ROW - clientHeight;
    if (extend) {
      const [from, to] = [Math.min(this.#anchor, target), Math.max(this.#anchor, target)];
      this.marked = new Set(this.#entries.slice(from, to + 1).map((entry) => entry.key));
      this.#redraw();
    } else {
      this.#anchor = target;
      this.#draw();
    }
    this.#rows.get(target)?.focus({ preventScroll: true });
  }

  #press(event) {
    if (!this.body.contains(event.target) && event.target !== this.root) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (this.#entries.length === 0) {
      if (!this.#on.key(event)) return;
    } else if (event.key in steps && !event.altKey) {
      this.#goTo(this.#active + steps[event.key], event.shiftKey);
    } else if (event.key === "Enter") {
      this.#on.open(this.active);
    } else if (event.key === " ") {
      this.#click(this.#active, { ctrlKey: true });
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      this.marked = new Set(this.#entries.map((entry) => entry.key));
      this.#redraw();
      this.#rows.get(this.#active)?.focus();
    } else if (!this.#on.key(event)) {
      return;
    }
    event.preventDefault();
  }
}
