/** A query and its rules, which are those of `/subscribe`; the server decides. */

const NSID = /^[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+\.[a-zA-Z][a-zA-Z0-9]{0,62}$/;
const PREFIX = /^[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\.\*$/;
const DID = /^did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$/;
const HANDLE = /^@?([a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*$/;
const MAX_COLLECTIONS = 100;
/** The server accepts 10,000, but people edit and copy these URLs. */
const MAX_DIDS = 200;

export const isDid = (text) => text.length <= 2048 && DID.test(text);

/** Why a collection cannot be added; empty when it can. */
export function collectionProblem(text, chosen) {
  if (!(text.length <= 319 && (NSID.test(text) || PREFIX.test(text)))) {
    return `“${text.slice(0, 80)}” is not a valid NSID. Use a collection such as app.bsky.feed.post, or a prefix such as app.bsky.*`;
  }
  return chosen.length >= MAX_COLLECTIONS ? `${MAX_COLLECTIONS} collections are the limit.` : "";
}

/** Why an account cannot be added; empty when it can. */
export function didProblem(text, chosen) {
  if (!isDid(text)) {
    const what = HANDLE.test(text) ? "a handle; this filter takes DIDs" : "not a valid DID";
    return `“${text.slice(0, 80)}” is ${what}, such as did:plc:z72i7hdynmk6r22z27h6tvur.`;
  }
  return chosen.length >= MAX_DIDS ? `${MAX_DIDS} accounts are the limit of this page; clients may use 10,000.` : "";
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

/** Encodes quotes, so that a copied shell command stays one word; keeps colons readable. */
const encode = (value) => encodeURIComponent(value).replaceAll("%3A", ":").replaceAll("'", "%27");

/** Parses a query string, ignoring invalid parts. */
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
