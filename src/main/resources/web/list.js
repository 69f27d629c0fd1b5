/** The newest events as rows: bounded, drawn at most once per frame, and paused while in use. */

import { read } from "./event.js";
import { dateTime, timeOfDay } from "./format.js";

const MAX_ROWS = 300;
const MAX_WAITING = 300;

export class EventList {
  #list;
  #onOpen;
  #waiting = [];
  #views = new WeakMap();
  #frame = 0;
  #pointerIn = false;
  #current = null;

  /** @param onOpen receives the view of an opened row */
  constructor(list, onOpen) {
    this.#list = list;
    this.#onOpen = onOpen;
    list.addEventListener("pointerenter", ({ pointerType }) => {
      this.#pointerIn = pointerType === "mouse";
    });
    list.addEventListener("pointerleave", () => {
      this.#pointerIn = false;
      this.#schedule();
    });
    list.addEventListener("focusout", () => this.#schedule());
    list.addEventListener("click", ({ target }) => this.#open(target.closest(".row")));
    list.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Whether new events wait, so that no row moves under the pointer or the keyboard focus. */
  get holds() {
    return this.#list.hasChildNodes() && (this.#pointerIn || this.#list.querySelector(".row:focus-visible") !== null);
  }

  /** Adds events, oldest first. */
  add(lines) {
    this.#waiting.push(...lines);
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.splice(0, this.#waiting.length - MAX_WAITING);
    }
    this.#schedule();
  }

  clear() {
    this.#waiting = [];
    this.#list.replaceChildren();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.holds) {
        this.#draw();
      }
    });
  }

  #draw() {
    const views = this.#waiting.map(read).filter(Boolean);
    this.#waiting = [];
    if (views.length === 0) {
      return;
    }
    const stays = this.#list.scrollTop > 0 ? this.#list.scrollHeight : 0;
    this.#list.prepend(...views.reverse().map((view) => this.#row(view)));
    this.#trim();
    if (stays && !CSS.supports("overflow-anchor", "auto")) {
      this.#list.scrollTop += this.#list.scrollHeight - stays;
    }
    const rows = this.#list.querySelectorAll(".row");
    if (!this.#list.querySelector('.row[tabindex="0"]')) {
      rows[0].tabIndex = 0;
    }
  }

  /** Removes the oldest rows, except a focused one. */
  #trim() {
    const focused = document.activeElement?.closest("li");
    let last = this.#list.lastElementChild;
    while (this.#list.childElementCount > MAX_ROWS) {
      const before = last.previousElementSibling;
      if (last !== focused) {
        last.remove();
      }
      last = before;
    }
  }

  #row(view) {
    const row = document.createElement("button");
    row.type = "button";
    row.className = "row";
    row.tabIndex = -1;
    const time = part("time", "", timeOfDay(view.timeUs));
    time.title = `${dateTime(view.timeUs)} · time_us ${view.timeUs}`;
    const who = part("span", "who", shortDid(view.did));
    who.title = view.did;
    const what = part("span", "what", "");
    what.append(part("bdi", "", view.summary));
    row.append(time, part("span", `op ${OPS.has(view.op) ? view.op : ""}`, view.op),
      part("span", "collection", view.collection), who, what);
    this.#views.set(row, view);
    const item = document.createElement("li");
    item.append(row);
    return item;
  }

  #open(row) {
    if (row) {
      this.#current?.removeAttribute("aria-current");
      this.#current = row;
      row.setAttribute("aria-current", "true");
      this.#focusable(row);
      this.#onOpen(this.#views.get(row));
    }
  }

  /** The row that was opened last, if it still exists; it gets the focus back. */
  get current() {
    return this.#current?.isConnected ? this.#current : null;
  }

  unmark() {
    this.#current?.removeAttribute("aria-current");
  }

  #onKey(event) {
    const item = event.target.closest("li");
    const next = {
      ArrowDown: () => item?.nextElementSibling,
      ArrowUp: () => item?.previousElementSibling,
      Home: () => this.#list.firstElementChild,
      End: () => this.#list.lastElementChild,
    }[event.key];
    if (next) {
      event.preventDefault();
      const row = next()?.querySelector(".row");
      if (row) {
        this.#focusable(row);
        row.focus();
      }
    }
  }

  /** Tab reaches one row; the arrow keys reach the others. */
  #focusable(row) {
    this.#list.querySelectorAll('.row[tabindex="0"]').forEach((other) => {
      other.tabIndex = -1;
    });
    row.tabIndex = 0;
  }
}

/** The start and end of a DID, which tell accounts apart. */
const shortDid = (did) => (did.length > 24 ? `${did.slice(0, 14)}…${did.slice(-5)}` : did);

const OPS = new Set(["create", "update", "delete", "identity", "account"]);

function part(tag, kind, text) {
  const element = document.createElement(tag);
  if (kind) {
    element.className = kind;
  }
  element.textContent = text;
  return element;
}
