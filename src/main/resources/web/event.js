/** Reads events of both formats. Their content is untrusted. */

import { isDid } from "./query.js";

const V0_KINDS = { com: "commit", id: "identity", acc: "account" };
const V0_OPERATIONS = { c: "create", u: "update", d: "delete" };
const MAX_SUMMARY_CHARS = 300;
const RKEY = /^[A-Za-z0-9._~:-]{1,512}$/;
const NSID = /^[A-Za-z0-9.-]{1,317}$/;

/**
 * A line of JSON as a view: `{line, did, timeUs, kind, op, collection, rkey, cid, rev, summary}`; null if it is not an event.
 * `op` is the commit's operation, or the kind of any other event.
 */
export function read(line) {
  let event;
  try {
    event = JSON.parse(line);
  } catch {
    return null;
  }
  if (event === null || typeof event !== "object") {
    return null;
  }
  const kind = event.kind ?? V0_KINDS[event.type] ?? "unknown";
  const commit = event.commit ?? {};
  const isCommit = kind === "commit";
  return {
    line,
    did: text(event.did),
    timeUs: Number(event.time_us) || 0,
    kind,
    op: isCommit ? text(commit.operation ?? V0_OPERATIONS[commit.type]) : text(kind),
    collection: isCommit ? text(commit.collection) : "",
    rkey: text(commit.rkey),
    cid: text(commit.cid),
    rev: text(commit.rev),
    summary: summary(event, isCommit ? commit.record : null).slice(0, MAX_SUMMARY_CHARS),
  };
}

const text = (value) => (typeof value === "string" ? value : "");

function summary(event, record) {
  if (record && typeof record === "object") {
    const said = [record.text, record.displayName, record.name, record.title, record.description, record.status];
    return said.find((value) => typeof value === "string" && value.trim() !== "")
      ?? (text(record.subject) || text(record.subject?.uri));
  }
  if (event.account) {
    return event.account.active ? "active" : `inactive${event.account.status ? `: ${text(event.account.status)}` : ""}`;
  }
  return text(event.identity?.handle);
}

/** Links to the event on public sites: `[{label, href}]`. Malformed identifiers get none. */
export function links({ did, op, collection, rkey }) {
  if (!isDid(did)) {
    return [];
  }
  const who = encodeURIComponent(did).replaceAll("%3A", ":");
  const found = [{ label: "Account on bsky.app", href: `https://bsky.app/profile/${who}` }];
  if (collection && RKEY.test(rkey) && NSID.test(collection)) {
    const key = encodeURIComponent(rkey);
    if (op !== "delete") {
      if (collection === "app.bsky.feed.post") {
        found.unshift({ label: "Post on bsky.app", href: `https://bsky.app/profile/${who}/post/${key}` });
      }
      found.push({ label: "Record on pdsls.dev", href: `https://pdsls.dev/at://${who}/${collection}/${key}` });
    }
  }
  found.push({ label: "Repository on pdsls.dev", href: `https://pdsls.dev/at://${who}` });
  return found;
}

/** A link that sends no referrer and gives the other site no access to this page. */
export function anchor({ label, href }) {
  const a = document.createElement("a");
  a.href = href;
  a.target = "_blank";
  a.rel = "noopener noreferrer";
  a.textContent = label;
  return a;
}
