// @skyware/jetstream as its documentation shows it. It reconnects by itself, from the last event that it had.
import { Jetstream } from "@skyware/jetstream";
import WebSocket from "ws";
import { asked, error, event, onUpdate, open } from "./say.mjs";

const jetstream = new Jetstream({
	ws: WebSocket,
	endpoint: asked.url,
	cursor: asked.cursor,
	wantedCollections: asked.wantedCollections,
	wantedDids: asked.wantedDids,
});
for (const kind of ["commit", "identity", "account"]) {
	jetstream.on(kind, event);
}
jetstream.on("open", open);
jetstream.on("error", error);
jetstream.start();
onUpdate((payload) => jetstream.updateOptions(payload));
