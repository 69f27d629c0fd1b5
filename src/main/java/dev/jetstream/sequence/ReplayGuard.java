package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.upstream.Connection;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells the frames that a relay repeats from new ones. A frame whose seq is above the last one is new. Any other is a repeat only
 * if its content is old: not newer than what was ingested of its account. If its content is new, the relay's sequencer was reset,
 * and the guard continues from the frame's seq.
 *
 * <p>Not thread-safe.
 */
final class ReplayGuard {
    private static final long NONE = Long.MIN_VALUE;
    private static final long VERSIONS_PER_MICRO = 1024;
    /** Frames with one seq whose content is compared exactly; more of them are judged by their version only. */
    private static final int MAX_AT_LAST = 64;

    private final AccountVersions versions;
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
        versions = new AccountVersions(lastTimeUs * VERSIONS_PER_MICRO);
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
        return known == AccountVersions.UNKNOWN ? newness > versions.floor() : version > known;
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
}
