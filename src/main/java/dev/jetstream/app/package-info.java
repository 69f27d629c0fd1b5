/**
 * The server as a whole: the wiring of the pipeline on one screen, its restarts, its health, its end.
 *
 * <p>{@link dev.jetstream.app.Pipeline} shows the way of an event; {@link dev.jetstream.app.Ingest} runs it again when it fails;
 * {@link dev.jetstream.app.Server} starts and stops everything in order.
 */
package dev.jetstream.app;
