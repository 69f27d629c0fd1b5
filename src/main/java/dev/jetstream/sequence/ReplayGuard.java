package dev.jetstream.sequence;

import dev.jetstream.common.LongTable;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.upstream.Connection;
import java.util.HashSet;
import java.util.Set;

/**
 * Distinguishes the frames that a relay repeats from new ones. A frame whose seq is above the last one is new. Any other is a
 * repeat only if its content is old: not newer than what was ingested of its account. If its content is new, the relay's sequencer
 * was reset, and the guard continues from the frame's seq. Not thread-safe.
 */
final class ReplayGuard {
    private static final long NONE = Long.MIN_VALUE;
    private static final long VERSIONS_PER_MICRO = 1024;
    /** Frames with the same seq whose content is compared exactly; further ones are judged by their version only. */
    private static final int MAX_AT_LAST = 64;

    private final Versions versions;
    private final Set<Long> contentsAtLast = new HashSet<>();
    private long connection = NONE;
    private long last;
    private long resets;

    /**
     * @param last seq of the last frame journaled; -1: none
     * @param lastTimeUs when it was journaled, unix microseconds: older content of an unknown account is a repeat
     */
    ReplayGuard(long last, long lastTimeUs) {
        this.last = last;
        versions = new Versions(lastTimeUs * VERSIONS_PER_MICRO);
    }

    /** Must be called before the frames of a batch are judged. */
    void over(Connection now) {
        if (now.id() != connection) {
            connection = now.id();
            if (now.guardRestarts()) {
                last = -1;
                contentsAtLast.clear();
            }
        }
    }

    /**
     * Whether frame {@code i} is to be skipped; one without a seq never is. A frame that is not skipped counts as ingested.
     *
     * @param nowUs unix microseconds
     */
    boolean isRepeat(DecodedFrames frames, int i, long nowUs) {
        long seq = frames.seqs()[i];
        if (seq == DecodedFrames.NO_SEQ) {
            return false;
        }
        long account = frames.accounts()[i];
        long rev = frames.revs()[i];
        long time = frames.times()[i] * VERSIONS_PER_MICRO;
        long version = rev > 0 ? rev : time;
        long newness = Math.max(rev, time);
        long content = content(frames, i);
        if (seq <= last) {
            if (account == 0 || !(isOtherContentOfLast(seq, content) || isNew(account, version, newness))) {
                return true;
            }
            resets += seq < last ? 1 : 0;
        }
        if (seq != last) {
            last = seq;
            contentsAtLast.clear();
        }
        if (account != 0) {
            // A clock that runs ahead must not raise the floor above what honest accounts send.
            versions.add(account, version, Math.min(newness, nowUs * VERSIONS_PER_MICRO));
            if (contentsAtLast.size() < MAX_AT_LAST) {
                contentsAtLast.add(content);
            }
        }
        return false;
    }

    /** Whether the frame has the seq of the last one, and differs from all with that seq. */
    private boolean isOtherContentOfLast(long seq, long content) {
        return seq == last
                && !contentsAtLast.isEmpty()
                && contentsAtLast.size() < MAX_AT_LAST
                && !contentsAtLast.contains(content);
    }

    private boolean isNew(long account, long version, long newness) {
        long known = versions.newest(account);
        return known == LongTable.NONE ? newness > versions.floor() : version > known;
    }

    private static long content(DecodedFrames frames, int i) {
        int from = frames.firstEvent(i);
        int to = frames.frameEnds()[i];
        long versions = 31 * frames.revs()[i] + frames.times()[i];
        return 31 * (31 * frames.accounts()[i] + versions) + frames.start(to) - frames.start(from);
    }

    /** The last seq let through; -1: none since the guard started. */
    long last() {
        return last;
    }

    /** How often new content came with a lower seq. */
    long resets() {
        return resets;
    }

    /**
     * The newest version ingested of each recently active account, in bounded memory: two generations. When the young one is full
     * the old one is dropped, and its newest content becomes the floor for accounts in neither.
     */
    private static final class Versions {
        /** At 1,000 frames per second two generations cover at least four minutes. */
        private static final int MAX_ACCOUNTS = 1 << 17;

        private LongTable young = new LongTable();
        private LongTable old = new LongTable();
        private long newestOfYoung;
        private long newestOfOld;
        private long floor;

        Versions(long floor) {
            this.floor = floor;
        }

        /** Newest content ingested of any account that is not known: what is newer is certainly new. */
        long floor() {
            return floor;
        }

        /** The account's newest version, or {@link LongTable#NONE}. */
        long newest(long account) {
            long version = young.get(account);
            return version == LongTable.NONE ? old.get(account) : version;
        }

        /**
         * Remembers a version, unless a newer one is known.
         *
         * @param newness how new the content is, for the floor that holds once the account is forgotten
         */
        void add(long account, long version, long newness) {
            long known = newest(account);
            if (young.size() == MAX_ACCOUNTS && young.get(account) == LongTable.NONE) {
                floor = Math.max(floor, newestOfOld);
                old = young;
                newestOfOld = newestOfYoung;
                young = new LongTable();
                newestOfYoung = 0;
            }
            young.put(account, Math.max(0, Math.max(version, known)));
            newestOfYoung = Math.max(newestOfYoung, newness);
        }
    }
}
