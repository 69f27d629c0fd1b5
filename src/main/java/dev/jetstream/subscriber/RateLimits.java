package dev.jetstream.subscriber;

import dev.jetstream.common.TokenBucket;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Limits events per second and client address: one bucket per address, which its connections share. Any thread.
 */
final class RateLimits {
    private final double perSecond;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Share> shares = new ConcurrentHashMap<>();

    /** An address's bucket and the number of its connections. */
    private record Share(TokenBucket bucket, int users) {}

    /** @param perSecond events; 0: no limit */
    RateLimits(double perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    /** The bucket of an address for one more connection, which must {@link #leave}; null without a limit. */
    TokenBucket join(String address) {
        if (perSecond == 0) {
            return null;
        }
        Share share = shares.compute(
                address,
                (key, known) -> known == null
                        ? new Share(new TokenBucket(perSecond, perSecond, nanoTime), 1)
                        : new Share(known.bucket(), known.users() + 1));
        return share.bucket();
    }

    void leave(String address) {
        shares.computeIfPresent(
                address, (key, known) -> known.users() == 1 ? null : new Share(known.bucket(), known.users() - 1));
    }

    /** Addresses with open connections. */
    int size() {
        return shares.size();
    }
}
