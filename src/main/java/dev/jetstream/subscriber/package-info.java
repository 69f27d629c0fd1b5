/**
 * Sixth step: one actor per socket, which owns filter, representation, position and demand.
 *
 * <p>In: blocks from the {@link dev.jetstream.journal.read.BlockLog}, the hub's word that there is a new one, and what happens on the
 * {@link dev.jetstream.net.Socket}. Out: bytes on that socket. Replay, catching up after a stall and live are one code
 * path: read at the position, write what the socket takes, remember how far that was.
 *
 * <p>{@code Subscriber} is the actor; behind it {@code WriteLoop} makes turns of writes, each by {@code EventWriter} from {@code Position}
 * and {@code PendingBytes} through a {@code WriteBatch}; {@code PositionReader}, {@code Deadlines}, {@code ConnectionEnd} and {@code SubscriberStatus} are
 * one concern each.
 */
package dev.jetstream.subscriber;
