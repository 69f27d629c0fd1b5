package dev.jetstream.e2e;

import java.util.Random;

/** What chance depends on in a test: printed, so that a failure can be repeated. */
final class Seed {
    private static final String PROPERTY = "jetstream.seed";

    private Seed() {}

    /** A random source of the seed that was set, else of one of its own. */
    static Random random(String what) {
        long seed = Long.getLong(PROPERTY, System.nanoTime());
        System.out.println(what + ": random seed " + seed + ", again with -D" + PROPERTY + "=" + seed);
        return new Random(seed);
    }
}
