package dev.jetstream.event;

import java.util.Arrays;

/**
 * The events of a block that a filter lets through, as runs of neighbours: run {@code i} goes from {@code from(i)} to before
 * {@code to(i)}. Immutable.
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

    public boolean isEmpty() {
        return count == 0;
    }

    /** The first run that ends behind {@code event}; {@link #runs()} when there is none. */
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
