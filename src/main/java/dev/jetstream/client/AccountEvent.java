package dev.jetstream.client;

import org.jspecify.annotations.Nullable;

/**
 * An account's hosting status changed.
 *
 * @param active whether the account's content may be shown
 * @param status why it is not active ({@code takendown}, {@code suspended}, {@code deleted}, {@code deactivated}, ...); null
 *     where the server sent none
 * @param seq the event's number at the relay
 * @param time when the relay saw it, RFC 3339
 */
public record AccountEvent(
        String did, long timeUs, boolean active, @Nullable String status, long seq, String time, String json)
        implements JetstreamEvent {}
