/**
 * One actor per connection, which owns its filter, its position in the log and its socket's output.
 *
 * <p>In: blocks from the {@link dev.jetstream.journal.read.BlockLog}, its announcements of new ones, and what happens on the
 * {@link dev.jetstream.net.Socket}. Out: bytes on that socket. Replay, catching up after a stall and live are one code path: read at
 * the position, write what the socket takes, remember how far that was.
 *
 * <p>{@code Subscribers} is the parent, {@code Subscriber} the actor, {@code Inbox} the way into its mailbox. {@code WriteLoop} makes
 * turns of writes; {@code EventWriter} makes one, from the position and {@code PendingBytes} through a {@code WriteBatch}.
 * {@code ConnectionEnd} and {@code Deadlines} decide when and how the connection ends. {@code SharedFilters}, {@code RateLimits} and
 * {@code ReplayGate} are shared by all subscribers.
 */
package dev.jetstream.subscriber;
