// @atcute/jetstream as its documentation shows it: it asks by a hello, checks each event, and reconnects by itself.
import { JetstreamSubscription } from "@atcute/jetstream";
import WebSocket from "ws";
import { asked, error, event, onUpdate, open } from "./say.mjs";

const subscription = new JetstreamSubscription({
	ws: { WebSocket },
	url: new URL(asked.url).origin,
	cursor: asked.cursor,
	wantedCollections: asked.wantedCollections,
	wantedDids: asked.wantedDids,
	onConnectionOpen: open,
	onConnectionError: (it) => error(it.error ?? it.message),
	onError: (it) => error(JSON.stringify(it.issues ?? it.message)),
});
onUpdate((payload) => subscription.updateOptions(payload));
for await (const it of subscription) {
	event(it);
}
