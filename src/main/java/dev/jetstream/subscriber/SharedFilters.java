package dev.jetstream.subscriber;

import dev.jetstream.event.Filter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The filters in use: equal ones become one object, so a block evaluates it once for all subscribers that have it. Thread-safe.
 */
final class SharedFilters {
    /** Smaller filters are not counted: the number of connections bounds them. */
    private static final long SMALL_BYTES = 4096;

    private final ConcurrentHashMap<Filter, Shared> inUse = new ConcurrentHashMap<>();
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** @param maxBytes maximum memory of all large filters together */
    SharedFilters(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A filter and the number of subscribers that have it. */
    static final class Shared {
        private final Filter filter;
        private final long bytes;
        private volatile int users;

        private Shared(Filter filter, long bytes) {
            this.filter = filter;
            this.bytes = bytes;
        }

        Filter filter() {
            return filter;
        }

        /** Whether several subscribers have it; a result for only one is not worth a memo. */
        boolean isShared() {
            return users > 1;
        }
    }

    /** Adds a user, which must {@link #leave}; null if the filter is large and there is no room for it. */
    Shared join(Filter filter) {
        return inUse.compute(filter, (key, known) -> {
            Shared shared = known == null ? first(key) : known;
            if (shared != null) {
                shared.users++;
            }
            return shared;
        });
    }

    private Shared first(Filter filter) {
        long size = filter.bytes();
        long counted = size < SMALL_BYTES ? 0 : size;
        if (counted > 0 && bytes.addAndGet(counted) > maxBytes) {
            bytes.addAndGet(-counted);
            return null;
        }
        return new Shared(filter, counted);
    }

    void leave(Shared shared) {
        inUse.computeIfPresent(shared.filter, (key, known) -> {
            if (--known.users > 0) {
                return known;
            }
            bytes.addAndGet(-known.bytes);
            return null;
        });
    }

    /** Distinct filters in use. */
    int size() {
        return inUse.size();
    }
}
