/**
 * The server as a whole: {@link dev.jetstream.app.Server} starts and stops everything in order, {@link dev.jetstream.app.Pipeline}
 * shows the data flow on one screen, {@link dev.jetstream.app.Ingest} runs it and restarts it after a failure.
 */
package dev.jetstream.app;
