package dev.jetstream.config;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

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
        int readBufferBytes) {

    /** @throws InvalidSettingsException if a value is out of range */
    public UpstreamConfig {
        new Check("jetstream.upstream")
                .that(isWebsocket(url), "url", url, "must be a ws:// or wss:// URL with a host and no #fragment")
                .range("override-cursor", overrideCursor, -1, Long.MAX_VALUE)
                .range("liveness-ttl", livenessTtl, Duration.ofMillis(100), Duration.ofDays(1))
                .range("connect-timeout", connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(10))
                .range("backoff-min", backoffMin, Duration.ofMillis(1), Duration.ofHours(1))
                .range("backoff-max", backoffMax, Duration.ofMillis(1), Duration.ofHours(1))
                .that(
                        backoffMax.compareTo(backoffMin) >= 0,
                        "backoff-max",
                        Durations.format(backoffMax),
                        "must not be less than jetstream.upstream.backoff-min (" + Durations.format(backoffMin) + ")")
                .bytes("max-frame-bytes", maxFrameBytes, 64 << 10, 256 << 20)
                .bytes("read-buffer-bytes", readBufferBytes, 16 << 10, 64 << 20)
                .done();
    }

    private static boolean isWebsocket(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        return (scheme.equals("ws") || scheme.equals("wss")) && hasHost(url) && url.getRawFragment() == null;
    }

    /** By hand: {@link URI#getHost} knows no host with an underscore, which names of containers often have. */
    private static boolean hasHost(URI url) {
        String authority = url.getRawAuthority();
        return authority != null
                && authority.substring(authority.lastIndexOf('@') + 1).matches("[^:].*");
    }
}
