/**
 * The websocket in a worker. Regardless of the event rate, the page gets a few batches per second, each with a bounded sample of
 * the events and their total count.
 *
 *   in   url, once
 *   out  {type: "state", state, reason, retryMs}   {type: "batch", lines, count, bytes, lastTimeUs}
 */

const FLUSH_MS = 200;
/** Lines per batch, and lines per second over time: shows a burst completely, and a sample of a flood. */
const MAX_LINES = 400;
const MIN_LINES = 32;
const LINES_PER_SECOND = 200;
const MIN_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 10_000;
const STEADY_MS = 5_000;
const TIME_KEY = '"time_us":';

let url = "";
let failures = 0;
let lastTimeUs = 0;
let openedAt = 0;

let lines = [];
let stride = 1;
let count = 0;
let bytes = 0;
/** Lines left for the next batches, and the time of that balance. */
let allowance = MAX_LINES;
let allowanceAt = Date.now();

onmessage = ({ data }) => {
  url = data;
  connect();
  setInterval(flush, FLUSH_MS);
};

/** A cursor is inclusive, so this one follows the last event. */
function resumeUrl() {
  if (!lastTimeUs) {
    return url;
  }
  const again = new URL(url);
  again.searchParams.set("cursor", String(lastTimeUs + 1));
  return again.href;
}

function connect() {
  const socket = new WebSocket(resumeUrl());
  socket.onopen = () => {
    openedAt = Date.now();
    report({ state: "open" });
  };
  socket.onmessage = ({ data }) => take(data);
  socket.onclose = ({ code, reason }) => onClosed(code, reason);
}

async function onClosed(code, reason) {
  const wasOpen = openedAt > 0;
  if (wasOpen && Date.now() - openedAt >= STEADY_MS) {
    failures = 0;
  }
  openedAt = 0;
  flush();
  if (code === 1008 && reason.startsWith("invalid")) {
    report({ state: "refused", reason });
    return;
  }
  const retryMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** failures) * (0.75 + Math.random() / 2);
  failures++;
  report({ state: "waiting", reason, retryMs });
  const refusal = wasOpen ? "" : await whyRefused();
  if (refusal) {
    report({ state: "refused", reason: refusal });
  } else {
    setTimeout(connect, retryMs);
  }
}

/** A websocket hides the reason of a refusal; the same request over plain HTTP shows it. */
async function whyRefused() {
  try {
    const answer = await fetch(url.replace(/^ws/, "http"), { cache: "no-store" });
    return answer.status === 400 ? (await answer.text()).trim() : "";
  } catch {
    return "";
  }
}

function take(line) {
  if (typeof line !== "string") {
    return;
  }
  if (count % stride === 0) {
    lines.push(line);
    if (lines.length > Math.max(MIN_LINES, allowance)) {
      lines = lines.filter((_, at) => at % 2 === 0);
      stride *= 2;
    }
  }
  count++;
  bytes += line.length;
  const at = line.indexOf(TIME_KEY);
  if (at > 0) {
    lastTimeUs = parseInt(line.slice(at + TIME_KEY.length, at + TIME_KEY.length + 17), 10) || lastTimeUs;
  }
}

function flush() {
  const now = Date.now();
  allowance = Math.min(MAX_LINES, allowance - lines.length + (now - allowanceAt) * LINES_PER_SECOND / 1000);
  allowanceAt = now;
  if (count > 0) {
    postMessage({ type: "batch", lines, count, bytes, lastTimeUs });
    lines = [];
    stride = 1;
    count = 0;
    bytes = 0;
  }
}

function report(state) {
  postMessage({ type: "state", ...state });
}
