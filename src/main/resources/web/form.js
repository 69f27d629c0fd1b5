/** The form of the query: filters, suggestions, start and format. */

import { count, dateTime, fromPicker, toPicker } from "./format.js";
import { collectionProblem, didProblem } from "./query.js";

const MAX_SUGGESTIONS = 10;
/** A cursor older than any journal: the server starts at its oldest event. */
const OLDEST = 1;
const counted = (n, what) => (n === 0 ? "" : `${n} ${what}${n === 1 ? "" : "s"}`);
const byId = (id) => document.getElementById(id);

export class Form {
  #query;
  #onChange;
  #announce;
  #nowUs;
  #window = {};
  #suggested = "";
  #opsBefore = { seconds: 0, ops: new Map() };

  /**
   * @param query the initial query
   * @param onChange is called with the new query after each change
   * @param announce speaks to screen readers
   * @param nowUs returns the server's time
   */
  constructor(query, { onChange, announce, nowUs }) {
    this.#query = query;
    this.#onChange = onChange;
    this.#announce = announce;
    this.#nowUs = nowUs;
    byId("query").addEventListener("submit", (event) => event.preventDefault());
    this.#adder("collection", (value) => collectionProblem(value, query.collections), query.collections);
    this.#adder("did", (value) => didProblem(value, query.dids), query.dids);
    byId("format").addEventListener("change", ({ target }) => {
      query.format = target.value;
      this.#changed();
    });
    byId("start").addEventListener("change", () => this.#onStart());
    byId("at").addEventListener("change", () => this.#onStart());
    byId("filters").open = matchMedia("(min-width: 821px)").matches;
    byId("reset").addEventListener("click", () => this.#reset());
    this.#write();
  }

  /** Switches to live. */
  goLive() {
    this.#query.cursor = null;
    this.#write();
    this.#changed();
  }

  /** Narrows the query to these collections, or to these accounts. */
  only({ collections, dids }) {
    for (const [chosen, values] of [[this.#query.collections, collections], [this.#query.dids, dids]]) {
      if (values) {
        chosen.splice(0, chosen.length, ...values);
        this.#announce(`Only ${values.join(", ")}`);
      }
    }
    this.#write();
    this.#changed();
  }

  #reset() {
    this.#query.collections.length = 0;
    this.#query.dids.length = 0;
    this.#query.format = "";
    this.#query.cursor = null;
    this.#write();
    this.#changed();
  }

  #adder(kind, problemOf, chosen) {
    const input = byId(kind);
    const add = () => {
      const values = input.value.split(/[\s,]+/).filter((value) => value && !chosen.includes(value));
      const problem = values.map((value) => problemOf(value)).find(Boolean) ?? "";
      byId(`${kind}-problem`).textContent = problem;
      byId(`${kind}-problem`).hidden = !problem;
      input.setAttribute("aria-invalid", String(Boolean(problem)));
      if (problem || values.length === 0) {
        input.focus();
        return;
      }
      chosen.push(...values.filter((value) => !problemOf(value)));
      input.value = "";
      this.#write();
      this.#changed();
    };
    byId(`add-${kind}`).addEventListener("click", add);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        add();
      }
    });
  }

  #onStart() {
    const { value } = byId("start");
    byId("at-field").hidden = value !== "at";
    if (value === "at" && !byId("at").value) {
      byId("at").value = toPicker(Math.max(this.#window.oldest_time_us ?? 0, this.#nowUs() - 300e6));
    }
    this.#query.cursor = {
      live: () => null,
      oldest: () => OLDEST,
      at: () => fromPicker(byId("at").value),
    }[value]?.() ?? (Number(value) ? Math.round(this.#nowUs() - Number(value) * 1e6) : null);
    this.#changed();
  }

  #changed() {
    this.#onChange(this.#query);
  }

  /** Draws the query. */
  #write() {
    this.#chips("collections", this.#query.collections, "collection");
    this.#chips("dids", this.#query.dids, "account");
    byId("filters-note").textContent = [
      counted(this.#query.collections.length, "collection"),
      counted(this.#query.dids.length, "account"),
    ].filter(Boolean).join(", ") || "everything";
    byId("format").value = this.#query.format;
    const { cursor } = this.#query;
    byId("start").value = cursor === null ? "live" : cursor === OLDEST ? "oldest" : "at";
    byId("at-field").hidden = byId("start").value !== "at";
    byId("at").value = byId("at-field").hidden ? "" : toPicker(cursor);
    this.#mark();
  }

  #chips(id, values, what) {
    byId(id).replaceChildren(...values.map((value) => {
      const chip = document.createElement("li");
      const name = document.createElement("span");
      name.textContent = value;
      name.title = value;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `Remove ${what} ${value}`);
      remove.addEventListener("click", () => {
        this.#toggle(values, value);
        byId(what === "account" ? "did" : "collection").focus();
      });
      chip.append(name, remove);
      return chip;
    }));
  }

  #toggle(values, value) {
    const at = values.indexOf(value);
    if (at < 0) {
      values.push(value);
    } else {
      values.splice(at, 1);
    }
    this.#announce(`${value} ${at < 0 ? "added" : "removed"}`);
    this.#write();
    this.#changed();
  }

  /** Shows the active collections and the replay window of a status. */
  onStatus({ collections, journal, time_us: now }) {
    this.#window = journal;
    byId("at-hint").textContent = journal.oldest_time_us ? `Events since ${dateTime(journal.oldest_time_us)}.` : "";
    byId("at").min = journal.oldest_time_us ? toPicker(journal.oldest_time_us) : "";
    const names = collections.map(({ name }) => name).filter((name) => !collectionProblem(name, []));
    const key = names.slice().sort().join(" ");
    // Redrawn only when the names change: a button must not move under the pointer.
    if (key !== this.#suggested) {
      this.#suggested = key;
      byId("known-collections").replaceChildren(...names.map((name) => new Option(name, name)));
      byId("flowing").replaceChildren(...names.slice(0, MAX_SUGGESTIONS).map((name) => this.#suggestion(name)));
      this.#mark();
    }
    this.#writeRates(collections, now);
  }

  /** Operations per second of each collection since the previous status. */
  #writeRates(collections, now) {
    const { seconds, ops } = this.#opsBefore;
    this.#opsBefore = { seconds: now / 1e6, ops: new Map(collections.map((collection) => [collection.name, collection.ops])) };
    for (const button of byId("flowing").children) {
      const { name } = button.dataset;
      const rate = (this.#opsBefore.ops.get(name) - ops.get(name)) / (this.#opsBefore.seconds - seconds);
      if (Number.isFinite(rate) && rate >= 0) {
        button.lastElementChild.textContent = `${rate < 10 ? rate.toFixed(1) : count(rate)}/s`;
      }
    }
  }

  #suggestion(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.name = name;
    button.title = name;
    const label = document.createElement("span");
    label.textContent = name;
    const rate = document.createElement("span");
    rate.className = "per-second";
    button.append(label, rate);
    button.addEventListener("click", () => {
      const problem = this.#query.collections.includes(name) ? "" : collectionProblem(name, this.#query.collections);
      if (!problem) {
        this.#toggle(this.#query.collections, name);
      }
    });
    return button;
  }

  #mark() {
    for (const button of byId("flowing").children) {
      button.setAttribute("aria-pressed", String(this.#query.collections.includes(button.dataset.name)));
    }
  }
}
