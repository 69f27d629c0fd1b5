package dev.jetstream.subscriber;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Events per second and client address: a bucket of a second's worth for each address, shared by its connections and gone with
 * the last of them. Any thread.
 */
final class RateLimits {
    private final double perSecond;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** @param perSecond events; 0: no limit */
    RateLimits(double perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
    }

    /** The bucket of an address; to be given back with {@link #leave}. Null when there is no limit. */
    Bucket join(String address) {
        if (perSecond <= 0) {
            return null;
        }
        return buckets.compute(address, (key, known) -> {
            Bucket bucket = known == null ? new Bucket(key) : known;
            bucket.users++;
            return bucket;
        });
    }

    void leave(Bucket bucket) {
        if (bucket != null) {
            buckets.computeIfPresent(bucket.address, (key, known) -> --known.users == 0 ? null : known);
        }
    }

    /** What an address may still be sent. */
    final class Bucket {
        private final String address;
        private int users;
        private double left = Math.max(1, perSecond);
        private long filledAt = nanoTime.getAsLong();

        private Bucket(String address) {
            this.address = address;
        }

        /** Events that may be sent now. */
        synchronized int available() {
            long now = nanoTime.getAsLong();
            left = Math.min(Math.max(1, perSecond), left + (now - filledAt) * 1e-9 * perSecond);
            filledAt = now;
            return (int) Math.max(0, Math.min(left, Integer.MAX_VALUE));
        }

        synchronized void spend(int events) {
            left -= events;
        }
    }
}
