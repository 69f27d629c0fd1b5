/** The query as code for other tools. URLs are encoded, so no value can end its quotes. */

import { streamUrl } from "./query.js";

const LANGUAGES = {
  URL: (ws) => ws,
  curl: (ws, http) => `curl -N -H 'Accept: application/x-ndjson' \\\n  '${http}'`,
  JavaScript: (ws) => `const stream = new WebSocket(
  "${ws}");

stream.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  console.log(event.time_us, event.did, event);
};`,
  Python: (ws) => `import json
from websockets.sync.client import connect  # pip install websockets

with connect(
    "${ws}",
    max_size=None,
) as stream:
    for message in stream:
        event = json.loads(message)
        print(event["time_us"], event["did"])`,
  Go: (ws) => `package main

import (
	"context"
	"fmt"
	"log"

	"github.com/coder/websocket"
)

func main() {
	ctx := context.Background()
	stream, _, err := websocket.Dial(ctx,
		"${ws}", nil)
	if err != nil {
		log.Fatal(err)
	}
	stream.SetReadLimit(-1)
	for {
		_, event, err := stream.Read(ctx)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(event))
	}
}`,
  Java: (ws, http, query) => `import dev.jetstream.client.Jetstream;
import dev.jetstream.client.JetstreamOptions;

JetstreamOptions options = JetstreamOptions.builder("${ws.split("?")[0].replace(/\/subscribe$/, "")}")
${javaOptions(query)}        .build();
try (Jetstream jetstream = Jetstream.create(options)) {
    jetstream.forEach(event -> System.out.println(event.did()));
}`,
};

function javaOptions({ collections, dids, cursor, format }) {
  const list = (values) => values.map((value) => JSON.stringify(value)).join(", ");
  return [
    collections.length ? `.wantedCollections(${list(collections)})` : "",
    dids.length ? `.wantedDids(${list(dids)})` : "",
    cursor !== null ? `.cursor(${cursor}L)` : "",
    format ? `.format(JetstreamOptions.Format.${format.toUpperCase()})` : "",
  ].filter(Boolean).map((call) => `        ${call}\n`).join("");
}

/** The tabs and the code below them. */
export class Code {
  #tabs;
  #code;
  #query;
  #chosen = "URL";

  constructor(tabs, panel) {
    this.#code = panel.querySelector("code");
    this.#tabs = Object.keys(LANGUAGES).map((name) => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.role = "tab";
      tab.id = `tab-${name}`;
      tab.textContent = name === "URL" ? "WebSocket URL" : name;
      tab.setAttribute("aria-controls", panel.id);
      tab.addEventListener("click", () => this.#choose(name));
      tabs.append(tab);
      return { name, tab };
    });
    tabs.addEventListener("keydown", (event) => this.#onKey(event));
    this.#choose(this.#chosen);
  }

  #onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const at = this.#tabs.findIndex(({ name }) => name === this.#chosen);
      const next = this.#tabs[(at + step + this.#tabs.length) % this.#tabs.length];
      this.#choose(next.name);
      next.tab.focus();
    }
  }

  #choose(chosen) {
    this.#chosen = chosen;
    for (const { name, tab } of this.#tabs) {
      tab.setAttribute("aria-selected", String(name === chosen));
      tab.tabIndex = name === chosen ? 0 : -1;
      if (name === chosen) {
        this.#code.parentElement.setAttribute("aria-labelledby", tab.id);
      }
    }
    this.#write();
  }

  show(query) {
    this.#query = query;
    this.#write();
  }

  #write() {
    if (this.#query) {
      this.#code.textContent = this.text();
    }
  }

  text() {
    const addresses = [true, false].map((websocket) => streamUrl(this.#query, { websocket }));
    return LANGUAGES[this.#chosen](...addresses, this.#query);
  }
}
