/** The server's health: polls `/status` once a second while the page is visible, and shows it. */

import { bytes, count, dateTime, duration, timeOfDay } from "./format.js";

const POLL_MS = 1_000;
const SLOW_POLL_MS = 5_000;
const TIMEOUT_MS = 5_000;
const DESCRIBE_EVERY = 10;
const MAX_TICKS = 5;

const byId = (id) => document.getElementById(id);
const write = (id, text) => {
  const element = byId(id);
  if (element.textContent !== text) {
    element.textContent = text;
  }
};

export class Status {
  #onStatus;
  #plot = null;
  #polls = 0;
  #skewUs = 0;

  /** Whether the server was connected to its relay when it last answered. */
  relayConnected = true;

  /** @param onStatus receives each status */
  constructor(onStatus) {
    this.#onStatus = onStatus;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#paint());
    document.addEventListener("visibilitychange", () => document.hidden || this.#poll());
    this.#poll();
  }

  /** Now by the server's clock, unix microseconds. */
  get nowUs() {
    return Date.now() * 1000 + this.#skewUs;
  }

  #timer = 0;
  #asking = false;

  async #poll() {
    clearTimeout(this.#timer);
    if (this.#asking) {
      return;
    }
    this.#asking = true;
    let wait = POLL_MS;
    let reached = true;
    try {
      const answer = await fetch("status", { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!answer.ok) {
        throw new Error(`status ${answer.status}`);
      }
      this.#show(await answer.json());
    } catch {
      this.#health("bad", "Server unreachable", "");
      wait = SLOW_POLL_MS;
      reached = false;
    }
    // Old figures look faded.
    document.querySelector(".instance").classList.toggle("stale", !reached);
    this.#asking = false;
    this.#timer = setTimeout(() => this.#poll(), document.hidden ? 10 * SLOW_POLL_MS : wait);
  }

  #show(status) {
    this.#skewUs = status.time_us - Date.now() * 1000;
    const { upstream, journal, events, subscribers } = status;
    this.relayConnected = upstream.connected;
    write("about", `AT Protocol events as JSON · up ${duration(status.uptime_seconds)}`);
    write("version", `Jetstream for the JVM ${status.version.replace("-SNAPSHOT", " (development build)")}`);
    if (status.ready) {
      this.#health("good", "Healthy", "");
    } else {
      this.#health(upstream.connected ? "warn" : "bad", upstream.connected ? "Not ready" : "Relay disconnected",
        status.readiness.join("\n"));
    }
    write("rate", count(events.per_second));
    write("rate-note", `${count(events.total)} since startup`);
    write("lag", upstream.lag_seconds === undefined ? "–" : duration(upstream.lag_seconds));
    write("relay", `${upstream.connected ? "connected to" : "not connected to"} ${host(upstream.relay)}${
      upstream.reconnects ? `, ${count(upstream.reconnects)} reconnects` : ""}`);
    write("subscribers", count(subscribers.total));
    write("subscribers-note", subscribersNote(subscribers));
    this.#window(journal);
    this.#draw(events.history);
    this.#onStatus(status);
  }

  #window(journal) {
    if (journal.oldest_time_us && journal.newest_time_us) {
      const sameDay = new Date(journal.oldest_time_us / 1000).toDateString() === new Date(journal.newest_time_us / 1000).toDateString();
      const end = sameDay ? timeOfDay(journal.newest_time_us).slice(0, 8) : dateTime(journal.newest_time_us);
      write("window", duration((journal.newest_time_us - journal.oldest_time_us) / 1e6));
      write("window-note", `${dateTime(journal.oldest_time_us)} to ${end} · ${bytes(journal.bytes)} on disk`);
    } else {
      write("window", journal.blocks ? `${count(journal.blocks)} blocks` : "empty");
      write("window-note", `${bytes(journal.bytes)} on disk`);
    }
  }

  #health(kind, text, details) {
    byId("health").className = `pill ${kind}`;
    write("health", text);
    write("notice", details);
    byId("notice").hidden = details === "";
  }

  #draw(history) {
    this.#plot ??= plot(byId("plot"));
    const [data] = this.#plot.data.datasets;
    data.data = history.map((y, i) => ({ x: i - history.length + 1, y }));
    this.#plot.options.scales.x.min = -Math.max(60, history.length - 1);
    this.#paint();
    if (this.#polls++ % DESCRIBE_EVERY === 0 && history.length > 0) {
      byId("plot").setAttribute("aria-label", `Events per second over the last ${duration(history.length)}: `
        + `now ${history.at(-1)}, lowest ${Math.min(...history)}, highest ${Math.max(...history)}`);
    }
  }

  #paint() {
    if (this.#plot) {
      const colours = getComputedStyle(document.documentElement);
      const of = (name) => colours.getPropertyValue(name).trim();
      const [data] = this.#plot.data.datasets;
      data.borderColor = of("--accent");
      data.backgroundColor = of("--accent-soft");
      for (const scale of Object.values(this.#plot.options.scales)) {
        scale.ticks.color = of("--muted");
        scale.grid.color = of("--edge");
      }
      this.#plot.update("none");
    }
  }
}

const host = (relay) => relay.replace(/^wss?:\/\//, "").replace(/\/.*$/, "");

function subscribersNote({ total, tailing, reading, awaiting_hello: waiting }) {
  if (total === 0) {
    return "none connected";
  }
  return [[tailing, "live"], [reading, "catching up"], [waiting, "waiting for hello"]]
    .filter(([n]) => n > 0)
    .map(([n, what]) => `${count(n)} ${what}`)
    .join(", ");
}

/** Whole steps back from now, few enough that their labels do not overlap. */
function ticks(axis) {
  const step = [15, 30, 60].find((seconds) => -axis.min / seconds <= MAX_TICKS) ?? 60;
  axis.ticks = [];
  for (let x = -step * Math.floor(-axis.min / step); x <= 0; x += step) {
    axis.ticks.push({ value: x || 0 });
  }
}

/** Seconds from now on x, events per second on y. */
function plot(canvas) {
  const ago = (x) => (x === 0 ? "now" : x % 60 === 0 ? `${x / 60} min` : `${x} s`);
  return new globalThis.Chart(canvas, {
    type: "line",
    data: { datasets: [{ data: [], fill: true, borderWidth: 1.75, pointRadius: 0, pointHitRadius: 8, cubicInterpolationMode: "monotone" }] },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        legend: { display: false },
        tooltip: { displayColors: false, callbacks: { title: ([item]) => ago(item.parsed.x), label: (item) => `${count(item.parsed.y)} events/s` } },
      },
      scales: {
        x: { type: "linear", max: 0, grid: { display: false }, afterBuildTicks: ticks, ticks: { callback: ago, maxRotation: 0 } },
        y: { beginAtZero: true, grid: {}, border: { display: false }, ticks: { maxTicksLimit: 4, precision: 0, callback: (y) => count(y) } },
      },
    },
  });
}
