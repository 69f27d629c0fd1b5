package dev.jetstream.config;

import java.net.URI;
import java.time.Duration;

/**
 * {@code jetstream.upstream}: the relay and how its connection is kept.
 *
 * @param url {@code ws://} or {@code wss://}, with its own query kept
 * @param overrideCursor seq to resume after on the first connection of the process, or -1 for none
 * @param livenessTtl reconnect when no frame came for this long
 * @param connectTimeout for TCP, TLS and the upgrade's answer together
 * @param backoffMin wait before the first reconnect
 * @param backoffMax longest wait between two attempts
 * @param maxFrameBytes a message larger than this is skipped and counted
 * @param readBufferBytes the reader's buffer; one batch holds at most about this much
 */
public record UpstreamConfig(
        URI url,
        long overrideCursor,
        Duration livenessTtl,
        Duration connectTimeout,
        Duration backoffMin,
        Duration backoffMax,
        int maxFrameBytes,
        int readBufferBytes) {}
