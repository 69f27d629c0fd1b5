package dev.jetstream.subscriber;

import dev.jetstream.event.Filter;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The filters in use, each once: equal ones become one object, so that a block evaluates it once for all who have it. A filter
 * that only one subscriber has is not worth a memo. Any thread.
 */
final class SharedFilters {
    /** A filter of less than this is not counted: connections are bounded otherwise, and no crowd takes its place. */
    private static final long SMALL_BYTES = 4096;

    private final ConcurrentHashMap<Filter, Shared> inUse = new ConcurrentHashMap<>();
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** @param maxBytes most memory of large filters, all together */
    SharedFilters(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A filter and how many have it. */
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

        /** Whether somebody else has it too. */
        boolean isShared() {
            return users > 1;
        }
    }

    /** Takes part in a filter; to be given back with {@link #leave}. Null: it is large, and there is no room for it now. */
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
