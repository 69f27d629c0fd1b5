// ws by itself, and zstd-codec with the official dictionary where one is given: what those write who use no client library.
import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import WebSocket from "ws";
import zstdCodec from "zstd-codec";
import { asked, error, onUpdate, open, text } from "./say.mjs";

const zstd = asked.dictionary && (await new Promise((ready) => zstdCodec.ZstdCodec.run(ready)));
const simple = zstd && new zstd.Simple();
const dictionary = zstd && new zstd.Dict.Decompression(readFileSync(asked.dictionary));

const utf8 = new TextDecoder("utf-8", { fatal: true });
let cursor = asked.cursor;
let socket;

const target = () => {
	const url = new URL(asked.url);
	asked.wantedCollections?.forEach((it) => url.searchParams.append("wantedCollections", it));
	asked.wantedDids?.forEach((it) => url.searchParams.append("wantedDids", it));
	if (cursor) url.searchParams.set("cursor", cursor);
	if (dictionary) url.searchParams.set("compress", "true");
	return url;
};

const onMessage = (data, isBinary) => {
	if (isBinary !== Boolean(dictionary)) {
		throw new Error(isBinary ? "a binary message" : "a text message");
	}
	const line = utf8.decode(isBinary ? simple.decompressUsingDict(data, dictionary) : data);
	cursor = JSON.parse(line).time_us;
	text(line);
};

const connect = () => {
	socket = new WebSocket(target());
	socket.on("open", open);
	socket.on("message", onMessage);
	socket.on("error", error);
	socket.on("close", () => wait(200).then(connect));
};
onUpdate((payload) => socket.send(JSON.stringify({ type: "options_update", payload })));
connect();
