package dev.jetstream.relay;

import java.util.List;

/** A random number generator (SplitMix64) with the same sequence on every version of Java. Not thread-safe. */
final class Rng {
    private long state;

    Rng(long seed) {
        state = seed;
    }

    long nextLong() {
        long z = state += 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** 0 to {@code bound - 1}. */
    int below(int bound) {
        return (int) ((nextLong() >>> 33) % bound);
    }

    /** {@code min} to {@code max}, both included. */
    int between(int min, int max) {
        return min + below(max - min + 1);
    }

    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    byte[] bytes(int count) {
        byte[] out = new byte[count];
        for (int i = 0; i < count; i++) {
            out[i] = (byte) (nextLong() >>> 56);
        }
        return out;
    }
}
