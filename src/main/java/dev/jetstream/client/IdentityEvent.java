package dev.jetstream.client;

import org.jspecify.annotations.Nullable;

/**
 * A DID's document or handle may have changed: resolve it again.
 *
 * @param handle the handle; null where the server sent none
 * @param seq the event's number at the relay
 * @param time when the relay saw it, RFC 3339
 */
public record IdentityEvent(String did, long timeUs, @Nullable String handle, long seq, String time, String json)
        implements JetstreamEvent {}
