package dev.jetstream.event;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The events of a block that pass a filter, as runs of neighbours: run {@code i} is {@code from(i)} to before {@code to(i)}. Immutable.
 */
public final class Selection {
    static final Selection NONE = new Selection(new int[0], 0);

    private final int[] bounds;
    private final int count;

    private Selection(int[] bounds, int count) {
        this.bounds = bounds;
        this.count = count;
    }

    /** Every event of a block of {@code count}. */
    static Selection all(int count) {
        return new Selection(new int[] {0, count}, count);
    }

    /** The events of a block that pass a filter: evaluates collections once per entry of the block's table, then each event once. */
    static Selection of(EventBlock block, Filter filter, BlockEncoding encoding) {
        BitSet referring =
                filter.subjects().isEmpty() ? null : filter.subjects().in(block.records());
        if (referring != null && referring.isEmpty() && filter.wantsCommitsOnly()) {
            return NONE;
        }
        BitSet inLang =
                filter.langs().isEmpty() ? null : block.records().langs().of(filter.langs());
        boolean[] wanted = filter.wantsAllCollections() ? null : wantedEntries(block.table(), filter);
        boolean[] wantedKinds = wantedKinds(filter);
        boolean allOperations = filter.wantsAllOperations();
        long[] didHashes = filter.wantsAllDids() ? null : block.didHashes();
        long max = filter.maxMessageBytes();
        Frames sized = max == 0 ? null : block.frames(encoding.plain());
        Builder selected = new Builder();
        for (int i = 0; i < block.count(); i++) {
            EventKind kind = block.kind(i);
            if (!wantedKinds[kind.number()]) {
                continue;
            }
            if (kind == EventKind.COMMIT) {
                if (referring != null && !referring.get(i) || inLang != null && !inLang.get(i)) {
                    continue;
                }
                if (wanted != null && !wanted[block.collection(i)]) {
                    continue;
                }
                if (!allOperations && !filter.wantsOperation(CommitJson.operation(block, i))) {
                    continue;
                }
            }
            if (didHashes != null && !wantsDid(filter, didHashes[i], block, i)) {
                continue;
            }
            if (max > 0 && sized.payloadLength(i) > max) {
                continue;
            }
            selected.add(i);
        }
        return selected.build();
    }

    private static boolean[] wantedKinds(Filter filter) {
        boolean[] wanted = new boolean[EventKind.lastNumber() + 1];
        for (EventKind kind : EventKind.values()) {
            wanted[kind.number()] = filter.wantsKind(kind);
        }
        return wanted;
    }

    private static boolean wantsDid(Filter filter, long hash, EventBlock block, int event) {
        int from = block.didStart(event);
        return filter.wantsDid(hash, block.frames(), from, from + block.didLength(event));
    }

    private static boolean[] wantedEntries(List<String> table, Filter filter) {
        boolean[] wanted = new boolean[table.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = filter.wantsCollection(table.get(i));
        }
        return wanted;
    }

    public int runs() {
        return bounds.length / 2;
    }

    public int from(int run) {
        return bounds[2 * run];
    }

    public int to(int run) {
        return bounds[2 * run + 1];
    }

    /** Events selected. */
    public int count() {
        return count;
    }

    /** The first run that ends after {@code event}; {@link #runs()} if there is none. */
    public int runAt(int event) {
        int low = 0;
        int high = runs();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (to(middle) > event) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    long weight() {
        return 64 + 4L * bounds.length;
    }

    /** Collects runs in rising order. */
    static final class Builder {
        private int[] bounds = new int[16];
        private int used;
        private int count;

        void add(int event) {
            count++;
            if (used > 0 && bounds[used - 1] == event) {
                bounds[used - 1] = event + 1;
                return;
            }
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * used);
            }
            bounds[used++] = event;
            bounds[used++] = event + 1;
        }

        Selection build() {
            return count == 0 ? NONE : new Selection(Arrays.copyOf(bounds, used), count);
        }
    }
}
