package dev.jetstream.relay;

/**
 * The options of a {@link SyntheticSource}.
 *
 * @param accounts number of accounts, 1 to 100,000
 * @param rate frames per second, up to 1,000,000; 0: as fast as the fastest client reads
 * @param seed the same seed gives the same repositories
 * @param limit frames after which the stream stops; 0: no limit
 * @param firstSeq the first frame's seq, at least 1
 * @param backlogFrames frames kept for clients with a cursor, 1 to 10,000,000
 * @param backlogBytes bytes kept for them, at least 1 MiB
 */
public record SyntheticOptions(
        int accounts, double rate, long seed, long limit, long firstSeq, int backlogFrames, long backlogBytes) {
    private static final int MAX_ACCOUNTS = 100_000;
    private static final int MAX_RATE = 1_000_000;
    private static final int MAX_BACKLOG_FRAMES = 10_000_000;
    private static final long MIN_BACKLOG_BYTES = 1 << 20;
    private static final long MAX_FIRST_SEQ = 1L << 53;

    /** @throws IllegalArgumentException naming the option, its value and its range */
    public SyntheticOptions {
        check(accounts >= 1 && accounts <= MAX_ACCOUNTS, "accounts must be 1 to " + MAX_ACCOUNTS, accounts);
        check(rate >= 0 && rate <= MAX_RATE, "rate must be 0 to " + MAX_RATE + " frames a second", rate);
        check(limit >= 0, "limit must be 0 (none) or a number of frames", limit);
        check(firstSeq >= 1 && firstSeq <= MAX_FIRST_SEQ, "first seq must be 1 to 2^53", firstSeq);
        check(
                backlogFrames >= 1 && backlogFrames <= MAX_BACKLOG_FRAMES,
                "backlog must be 1 to " + MAX_BACKLOG_FRAMES + " frames",
                backlogFrames);
        check(backlogBytes >= MIN_BACKLOG_BYTES, "backlog must be at least 1 MiB", backlogBytes);
    }

    private static void check(boolean holds, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule + ": " + value);
        }
    }

    /** 100 accounts, 50 frames/s, seed 1, no limit, seqs from 1, a backlog of 100,000 frames and at most 64 MiB. */
    public static SyntheticOptions defaults() {
        return new SyntheticOptions(100, 50, 1, 0, 1, 100_000, 64 << 20);
    }

    public SyntheticOptions withAccounts(int value) {
        return new SyntheticOptions(value, rate, seed, limit, firstSeq, backlogFrames, backlogBytes);
    }

    public SyntheticOptions withRate(double value) {
        return new SyntheticOptions(accounts, value, seed, limit, firstSeq, backlogFrames, backlogBytes);
    }

    public SyntheticOptions withSeed(long value) {
        return new SyntheticOptions(accounts, rate, value, limit, firstSeq, backlogFrames, backlogBytes);
    }

    public SyntheticOptions withLimit(long value) {
        return new SyntheticOptions(accounts, rate, seed, value, firstSeq, backlogFrames, backlogBytes);
    }

    public SyntheticOptions withFirstSeq(long value) {
        return new SyntheticOptions(accounts, rate, seed, limit, value, backlogFrames, backlogBytes);
    }

    public SyntheticOptions withBacklog(int frames, long bytes) {
        return new SyntheticOptions(accounts, rate, seed, limit, firstSeq, frames, bytes);
    }
}
