/**
 * What travels: events in blocks, what a subscriber wants of them, and the forms that they are sent in. Pure: no actors, no I/O.
 *
 * <p>{@link dev.jetstream.event.DecodedFrames} comes out of the decoder, {@link dev.jetstream.event.EventBlock} is the unit of
 * everything behind it. A {@link dev.jetstream.event.Filter} picks a {@link dev.jetstream.event.Selection} out of a block, a
 * {@link dev.jetstream.event.Representation} gives the bytes to send. What differs between the kinds of event is in
 * {@link dev.jetstream.event.EventKind}, where the upstream stands in {@link dev.jetstream.event.RelaySeqs}.
 */
package dev.jetstream.event;
