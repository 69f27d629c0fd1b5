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
            if (now.guardStartsAnew()) {
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
        long version = frames.versions()[i];
        long content = content(frames, i);
        if (seq <= last) {
            if (account == 0 || !isNew(seq, account, version, content)) {
                return true;
            }
            resets += seq < last ? 1 : 0;
        }
        if (seq != last) {
            last = seq;
            contentsAtLast.clear();
        }
        if (account != 0) {
            versions.add(account, version, nowUs * VERSIONS_PER_MICRO);
            if (contentsAtLast.size() < MAX_AT_LAST) {
                contentsAtLast.add(content);
            }
        }
        return false;
    }

    private boolean isNew(long seq, long account, long version, long content) {
        return seq == last && !contentsAtLast.isEmpty() && contentsAtLast.size() < MAX_AT_LAST
                ? !contentsAtLast.contains(content)
                : version > versions.newest(account);
    }

    private static long content(DecodedFrames frames, int i) {
        int from = frames.firstEvent(i);
        int to = frames.frameEnds()[i];
        return frames.accounts()[i] * 31 + frames.versions()[i] * 17 + frames.start(to) - frames.start(from);
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
