package dev.jetstream.subscriber;

import dev.jetstream.event.Filter;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The filters in use, each once: equal ones become one object, so that a block evaluates it once for all who have it. A filter
 * that only one subscriber has is not worth a memo. Any thread.
 */
final class SharedFilters {
    private final ConcurrentHashMap<Filter, Shared> inUse = new ConcurrentHashMap<>();

    /** A filter and how many have it. */
    static final class Shared {
        private final Filter filter;
        private volatile int users;

        private Shared(Filter filter) {
            this.filter = filter;
        }

        Filter filter() {
            return filter;
        }

        /** Whether somebody else has it too. */
        boolean isShared() {
            return users > 1;
        }
    }

    /** Takes part in a filter; to be given back with {@link #leave}. */
    Shared join(Filter filter) {
        return inUse.compute(filter, (key, known) -> {
            Shared shared = known == null ? new Shared(key) : known;
            shared.users++;
            return shared;
        });
    }

    void leave(Shared shared) {
        inUse.computeIfPresent(shared.filter, (key, known) -> --known.users == 0 ? null : known);
    }

    /** Distinct filters in use. */
    int size() {
        return inUse.size();
    }
}
