/**
 * Fifth step: tells everyone who is at the tip that a new block is durable.
 *
 * <p>In: {@link dev.jetstream.event.EventBlock}s, once they are in the journal. Out: the same, to every
 * {@link dev.jetstream.live.LiveHub.Listener}. The hub lives as long as the process: it outlives every restart of ingest.
 */
package dev.jetstream.live;
