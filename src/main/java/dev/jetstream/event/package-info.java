/**
 * Events, blocks of them, and filters. Pure: no actors, no I/O.
 *
 * <p>An {@link dev.jetstream.event.EventBlock} is the unit of everything downstream of the decoder. A
 * {@link dev.jetstream.event.Filter} picks a {@link dev.jetstream.event.Selection} out of a block, by what the
 * block's {@code RecordIndex} knows of its records where it must, a
 * {@link dev.jetstream.event.BlockEncoding} makes the bytes to send. {@link dev.jetstream.event.EventKind} has the kinds of event,
 * {@link dev.jetstream.event.RelaySeqs} the upstream positions that a block covers.
 */
package dev.jetstream.event;
