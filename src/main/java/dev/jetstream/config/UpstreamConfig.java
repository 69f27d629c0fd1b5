package dev.jetstream.config;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * {@code jetstream.upstream}: the relay and the connection to it.
 *
 * @param url {@code ws://} or {@code wss://}, query included
 * @param overrideCursor seq to resume after on the first connection of the process; -1 for the journal's
 * @param livenessTtl reconnect after this long without a frame
 * @param connectTimeout limit for TCP, TLS and the upgrade together
 * @param backoffMin wait before the first reconnect
 * @param backoffMax maximum wait between two attempts
 * @param maxFrameBytes a message larger than this is skipped and counted
 * @param readBufferBytes size of the reader's buffer, and about the maximum of one batch
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

    public UpstreamConfig {
        new Check("upstream")
                .that(isWebsocket(url), "url", url, "must be a ws:// or wss:// URL with a host and no #fragment")
                .range("override-cursor", overrideCursor, -1, Long.MAX_VALUE)
                .range("liveness-ttl", livenessTtl, Duration.ofMillis(100), Duration.ofDays(1))
                .range("connect-timeout", connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(10))
                .range("backoff-min", backoffMin, Duration.ofMillis(1), Duration.ofHours(1))
                .range("backoff-max", backoffMax, Duration.ofMillis(1), Duration.ofHours(1))
                .that(
                        backoffMax.compareTo(backoffMin) >= 0,
                        "backoff-max",
                        Values.format(backoffMax),
                        "must not be less than backoff-min (" + Values.format(backoffMin) + ")")
                .bytes("max-frame-bytes", maxFrameBytes, 64 << 10, 256 << 20)
                .bytes("read-buffer-bytes", readBufferBytes, 16 << 10, 64 << 20)
                .done();
    }

    private static boolean isWebsocket(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        return (scheme.equals("ws") || scheme.equals("wss")) && hasHost(url) && url.getRawFragment() == null;
    }

    /** {@link URI#getHost} is null for a host with an underscore, which names of containers often have. */
    private static boolean hasHost(URI url) {
        String authority = url.getRawAuthority();
        return authority != null
                && authority.substring(authority.lastIndexOf('@') + 1).matches("[^:].*");
    }
}
