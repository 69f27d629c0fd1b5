/**
 * What clients connect to: the shapes, encodings and framings of a stream. Pure: no actors, no I/O.
 *
 * <p>{@link dev.jetstream.stream.Representations} has all encodings of blocks; {@link dev.jetstream.stream.Framing} has what a
 * connection is sent besides events.
 */
package dev.jetstream.stream;
