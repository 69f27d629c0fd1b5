/** What the stream is asked for: the rules of `/subscribe` (the server has the last word), and its query string. */

const NSID = /^[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+\.[a-zA-Z][a-zA-Z0-9]{0,62}$/;
const PREFIX = /^[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\.\*$/;
const DID = /^did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$/;
const MOST_COLLECTIONS = 100;
/** The server takes 10,000; a URL that a person edits and copies is better kept short. */
const MOST_DIDS = 200;

export const isDid = (text) => text.length <= 2048 && DID.test(text);

/** Why a collection cannot be added; empty when it can. */
export function collectionProblem(text, chosen) {
  if (!(text.length <= 319 && (NSID.test(text) || PREFIX.test(text)))) {
    return `“${text.slice(0, 80)}” is no collection. It looks like app.bsky.feed.post, or app.bsky.* for all below.`;
  }
  return chosen.length >= MOST_COLLECTIONS ? `${MOST_COLLECTIONS} collections are the most.` : "";
}

/** Why an account cannot be added; empty when it can. */
export function didProblem(text, chosen) {
  if (!isDid(text)) {
    return `“${text.slice(0, 80)}” is no DID. It looks like did:plc:z72i7hdynmk6r22z27h6tvur.`;
  }
  return chosen.length >= MOST_DIDS ? `${MOST_DIDS} accounts are the most on this page; a client may ask for 10,000.` : "";
}

/** The query string of a query: `{collections, dids, format, cursor}`, the cursor null for live. */
export function toSearch({ collections, dids, format, cursor }) {
  const pairs = [
    ...collections.map((value) => ["wantedCollections", value]),
    ...dids.map((value) => ["wantedDids", value]),
  ];
  if (cursor !== null) {
    pairs.push(["cursor", String(cursor)]);
  }
  if (format) {
    pairs.push(["format", format]);
  }
  return pairs.map(([key, value]) => `${key}=${encode(value)}`).join("&");
}

/** Colons may stay; a quote may not, so that what is copied to a shell stays one word. */
const encode = (value) => encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("'", "%27");

/** A query from such a string; what is not valid is left out. */
export function fromSearch(text) {
  const search = new URLSearchParams(text);
  const query = { collections: [], dids: [], format: "", cursor: null };
  for (const value of new Set(search.getAll("wantedCollections"))) {
    if (!collectionProblem(value, query.collections)) {
      query.collections.push(value);
    }
  }
  for (const value of new Set(search.getAll("wantedDids"))) {
    if (!didProblem(value, query.dids)) {
      query.dids.push(value);
    }
  }
  if (["v0", "v1"].includes(search.get("format"))) {
    query.format = search.get("format");
  }
  if (/^\d{1,16}$/.test(search.get("cursor") ?? "")) {
    query.cursor = Number(search.get("cursor"));
  }
  return query;
}

/** The address of the stream with a query, as a websocket or over plain HTTP. */
export function streamUrl(query, { websocket }) {
  const url = new URL("subscribe", document.baseURI);
  url.hash = "";
  url.search = "";
  if (websocket) {
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  }
  const search = toSearch(query);
  return search ? `${url.href}?${search}` : url.href;
}
