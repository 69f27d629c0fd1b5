/** The stream as the page sees it: opened, paused, resumed. The worker reconnects. */

export class Feed {
  #worker = null;
  #lastTimeUs = 0;
  #onState;
  #onBatch;

  /** @param handlers `onState({state, reason, retryMs})` and `onBatch({lines, count, bytes, lastTimeUs})` */
  constructor({ onState, onBatch }) {
    this.#onState = onState;
    this.#onBatch = onBatch;
  }

  /** Microseconds of the last event of the query; 0: none yet. */
  get lastTimeUs() {
    return this.#lastTimeUs;
  }

  /** Starts a new query. */
  open(url) {
    this.#lastTimeUs = 0;
    this.#start(url);
  }

  /** Continues after the last event. */
  resume(url) {
    const again = new URL(url);
    if (this.#lastTimeUs) {
      again.searchParams.set("cursor", String(this.#lastTimeUs + 1));
    }
    this.#start(again.href);
  }

  #start(url) {
    this.close();
    const worker = new Worker(new URL("feed-worker.js", import.meta.url), { type: "module" });
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) {
        return;
      }
      if (data.type === "batch") {
        this.#lastTimeUs = data.lastTimeUs;
        this.#onBatch(data);
      } else {
        this.#onState(data);
      }
    };
    worker.onerror = () => this.#onState({ state: "refused", reason: "The page's stream failed. Reload the page." });
    worker.postMessage(url);
  }

  /** Ends the connection and its worker. */
  close() {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
