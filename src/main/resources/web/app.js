/** Connects the server's status, the query, the stream and the list. */

import { Code } from "./code.js";
import { anchor, links } from "./event.js";
import { Feed } from "./feed.js";
import { Form } from "./form.js";
import { count, dateTime, duration } from "./format.js";
import { EventList } from "./list.js";
import { collectionProblem, fromSearch, isDid, streamUrl, toSearch } from "./query.js";
import { Status } from "./status.js";
import { tree } from "./tree.js";

/** Older events count as replayed. */
const LIVE_WITHIN_US = 5e6;
const RATE_OVER_MS = 3_000;
const NOTE_EVERY_MS = 500;

const byId = (id) => document.getElementById(id);
const announce = (text) => {
  byId("announce").textContent = text;
};

const query = fromSearch(location.hash.slice(1));
const code = new Code(byId("tabs"), byId("code"));
const list = new EventList(byId("list"), openDetail);
const feed = new Feed({ onState, onBatch });
const status = new Status((now) => form.onStatus(now));
const form = new Form(query, { onChange: start, announce, nowUs: () => status.nowUs });

let state = { state: "connecting" };
let paused = false;
/** Whether the stream has caught up with the present. */
let wasLive = false;
/** Recent batches: `{at, count, drawn}`. */
let recent = [];
let shown = null;

start(query);
setInterval(note, NOTE_EVERY_MS);

/** Starts the stream for the query. */
function start() {
  paused = false;
  wasLive = query.cursor === null;
  recent = [];
  list.clear();
  const search = toSearch(query);
  history.replaceState(null, "", search ? `#${search}` : location.pathname + location.search);
  code.show(query);
  feed.open(streamUrl(query, { websocket: true }));
  state = { state: "connecting" };
  note();
}

function onState(next) {
  state = next;
  note();
}

function onBatch({ lines, count: all, lastTimeUs }) {
  const now = Date.now();
  recent.push({ at: now, count: all, drawn: lines.length });
  wasLive ||= status.nowUs - lastTimeUs < LIVE_WITHIN_US;
  list.add(lines);
}

/** Shows the state of the stream. */
function note() {
  const now = Date.now();
  recent = recent.filter(({ at }) => now - at <= RATE_OVER_MS);
  const all = recent.reduce((sum, batch) => sum + batch.count, 0);
  const drawn = recent.reduce((sum, batch) => sum + batch.drawn, 0);
  const behindUs = feed.lastTimeUs ? status.nowUs - feed.lastTimeUs : 0;
  const behind = behindUs > LIVE_WITHIN_US && (paused || (!wasLive && all > 0));
  const [kind, text] = describe(behind, behindUs);
  write(byId("feed-state"), text, `state ${kind}`);
  byId("pause").textContent = paused ? "Resume" : "Pause";
  byId("pause").disabled = state.state === "refused";
  byId("go-live").hidden = !(behind || (paused && feed.lastTimeUs > 0));
  const parts = [];
  if (paused) {
    parts.push("Resume continues after the last event.");
  } else if (all > 0) {
    parts.push(`${count(all / (RATE_OVER_MS / 1000))} events/s`);
    if (drawn < all) {
      parts.push(`showing a sample of ${Math.max(1, Math.floor(100 * drawn / all))} %; narrow the filters to see all`);
    }
    if (behind) {
      parts.push(`${duration(behindUs / 1e6)} behind live`);
    }
  }
  if (list.holds && !paused) {
    parts.push("list paused while you use it");
  }
  write(byId("feed-note"), parts.join(" · "));
  byId("empty").textContent = paused ? "Paused." : state.state === "open" ? "Waiting for matching events…" : "";
}

function describe(behind) {
  if (paused) {
    return ["warn", "Paused"];
  }
  return {
    connecting: ["", "Connecting…"],
    open: behind ? ["warn", "Replaying"] : status.relayConnected ? ["good", "Live"] : ["warn", "Waiting for the relay"],
    waiting: ["bad", `Disconnected${state.reason ? ` (${state.reason.slice(0, 100)})` : ""}, reconnecting…`],
    refused: ["bad", `Refused: ${(state.reason ?? "").slice(0, 300)}`],
  }[state.state];
}

function write(element, text, kind) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
  if (kind !== undefined && element.className !== kind) {
    element.className = kind;
  }
}

function resume() {
  state = { state: "connecting" };
  wasLive = false;
  feed.resume(streamUrl(query, { websocket: true }));
}

byId("pause").addEventListener("click", () => {
  paused = !paused;
  if (paused) {
    feed.close();
  } else {
    resume();
  }
  note();
});
// Browsers keep pages for the back button; a hidden page must not keep its connection.
addEventListener("pagehide", () => feed.close());
addEventListener("pageshow", ({ persisted }) => persisted && !paused && resume());
byId("go-live").addEventListener("click", () => form.goLive());
byId("clear").addEventListener("click", () => list.clear());
byId("copy-code").addEventListener("click", ({ target }) => copy(code.text(), target));

function openDetail(view) {
  shown = view;
  byId("detail-title").textContent = [view.op, view.collection].filter(Boolean).join(" · ");
  const facts = [
    ["Account", view.did],
    ["Time", `${dateTime(view.timeUs)} · ${view.timeUs}`],
    ["Record key", view.rkey],
    ["Revision", view.rev],
    ["CID", view.cid],
  ];
  byId("facts").replaceChildren(...facts.filter(([, value]) => value).flatMap(([name, value]) => {
    const term = document.createElement("dt");
    const fact = document.createElement("dd");
    term.textContent = name;
    fact.textContent = value;
    return [term, fact];
  }));
  byId("links").replaceChildren(...links(view).map(anchor));
  byId("only-account").hidden = !isDid(view.did);
  byId("only-collection").hidden = collectionProblem(view.collection, []) !== "";
  byId("tree").replaceChildren(tree(view.line));
  byId("detail").hidden = false;
  byId("detail").scrollTop = 0;
  byId("detail").focus({ preventScroll: true });
}

function closeDetail() {
  shown = null;
  byId("detail").hidden = true;
  list.unmark();
  (list.current ?? byId("events")).focus({ preventScroll: true });
}

byId("only-account").addEventListener("click", () => form.only({ dids: [shown.did] }));
byId("only-collection").addEventListener("click", () => form.only({ collections: [shown.collection] }));
byId("close-detail").addEventListener("click", closeDetail);
byId("detail").addEventListener("keydown", ({ key }) => key === "Escape" && closeDetail());
byId("copy-event").addEventListener("click", ({ target }) => copy(shown.line, target));

async function copy(text, button) {
  button.dataset.label ??= button.textContent;
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    said = copyByHand(text) ? "Copied" : "Not allowed";
  }
  button.textContent = said;
  announce(said);
  setTimeout(() => {
    button.textContent = button.dataset.label;
  }, 1_500);
}

/** Without TLS, browsers deny access to the clipboard, except through this older interface. */
function copyByHand(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
