package dev.jetstream.config;

import dev.jetstream.common.Did;
import dev.jetstream.common.Nsid;
import dev.jetstream.common.Text;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * {@code jetstream.upstream}: the relay and the connection to it.
 *
 * @param url {@code ws://} or {@code wss://}, query included
 * @param overrideCursor seq to resume after on the first connection of the process; -1 for the journal's
 * @param livenessTtl reconnect after this long without a frame
 * @param collections NSIDs, or prefixes that end with {@code .*}: commits to other collections are dropped; empty: none is
 * @param dids events of other DIDs are dropped; empty: none is
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
        List<String> collections,
        List<String> dids,
        Duration connectTimeout,
        Duration backoffMin,
        Duration backoffMax,
        int maxFrameBytes,
        int readBufferBytes) {

    private static final int MAX_COLLECTIONS = 100;
    private static final int MAX_DIDS = 10_000;

    public UpstreamConfig {
        collections = List.copyOf(collections);
        dids = List.copyOf(dids);
        Check check = new Check("upstream")
                .that(
                        collections.size() <= MAX_COLLECTIONS,
                        "collections",
                        collections.size(),
                        "must have at most " + MAX_COLLECTIONS + " items")
                .that(dids.size() <= MAX_DIDS, "dids", dids.size(), "must have at most " + MAX_DIDS + " items");
        for (String collection : collections) {
            boolean valid = Nsid.isValidOrPrefix(collection);
            check.that(
                    valid, "collections", collection, notValid(collection, "an NSID or a prefix such as app.bsky.*"));
        }
        for (String did : dids) {
            check.that(Did.isValid(did), "dids", did, notValid(did, "a DID"));
        }
        check.that(isWebsocket(url), "url", url, "must be a ws:// or wss:// URL with a host and no #fragment")
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

    private static String notValid(String item, String kind) {
        return "\"" + Text.cut(item) + "\" is not " + kind;
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
