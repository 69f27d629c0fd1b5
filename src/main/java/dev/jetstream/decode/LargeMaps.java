package dev.jetstream.decode;

import java.util.Arrays;

/**
 * The order of a record's large maps. Their entries are moved when the record is whole, and then once: in place, each map would
 * move all the maps within it again.
 */
final class LargeMaps {
    /** Smaller maps are arranged in place. */
    static final int MIN_BYTES = 4096;

    private static final int INITIAL = 64;
    private static final int RETAINED = 64 * 1024;

    /** Where each map's first moved entry starts, where its last one ends, and how many pieces there are up to its last one. */
    private int[] froms = new int[INITIAL];

    private int[] ends = new int[INITIAL];
    private int[] pieceCounts = new int[INITIAL];
    private int count;

    private int[] pieceStarts = new int[INITIAL];
    private int[] pieceEnds = new int[INITIAL];
    private int pieces;

    /** The maps by their start, in the high bits, with their index. */
    private long[] byStart = {};

    private byte[] json;
    private int to;

    /** Forgets all maps, and gives memory back when much more is held than usual. */
    void clear() {
        count = 0;
        pieces = 0;
        if (pieceStarts.length > RETAINED || froms.length > RETAINED) {
            froms = new int[INITIAL];
            ends = new int[INITIAL];
            pieceCounts = new int[INITIAL];
            pieceStarts = new int[INITIAL];
            pieceEnds = new int[INITIAL];
            byStart = new long[0];
        }
    }

    /** Adds an entry, its comma included, to the map that {@link #endMap} ends, in the order to be. */
    void piece(int start, int end) {
        if (pieces == pieceStarts.length) {
            pieceStarts = Arrays.copyOf(pieceStarts, 2 * pieces);
            pieceEnds = Arrays.copyOf(pieceEnds, 2 * pieces);
        }
        pieceStarts[pieces] = start;
        pieceEnds[pieces++] = end;
    }

    /** Ends a map whose entries fill {@code [from, end)}. Maps within it were ended before. */
    void endMap(int from, int end) {
        if (count == froms.length) {
            froms = Arrays.copyOf(froms, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            pieceCounts = Arrays.copyOf(pieceCounts, 2 * count);
        }
        froms[count] = from;
        ends[count] = end;
        pieceCounts[count++] = pieces;
    }

    /** Puts all maps' entries into their order; {@code out} ends with the record. */
    void arrange(JsonOut out) {
        if (count == 0) {
            return;
        }
        if (byStart.length < count) {
            byStart = new long[froms.length];
        }
        for (int i = 0; i < count; i++) {
            byStart[i] = (long) froms[i] << 32 | i;
        }
        Arrays.sort(byStart, 0, count);
        int from = (int) (byStart[0] >>> 32) - 1;
        int length = out.at - from;
        out.ensure(length);
        json = out.bytes;
        to = out.at;
        copy(from, out.at);
        System.arraycopy(json, out.at, json, from, length);
        json = null;
    }

    /** Appends {@code [from, end)} with the maps that start after {@code from} arranged. */
    private void copy(int from, int end) {
        int at = from;
        for (int i = next(at); i < count && (int) (byStart[i] >>> 32) < end; i = next(at)) {
            int map = (int) byStart[i];
            copyPlain(at, froms[map]);
            for (int piece = map == 0 ? 0 : pieceCounts[map - 1]; piece < pieceCounts[map]; piece++) {
                copy(pieceStarts[piece], pieceEnds[piece] - 1);
                json[to++] = ',';
            }
            json[to - 1] = '}';
            at = ends[map];
        }
        copyPlain(at, end);
    }

    /** Index in {@link #byStart} of the first map that starts after {@code at}. */
    private int next(int at) {
        int found = Arrays.binarySearch(byStart, 0, count, at + 1L << 32);
        return found < 0 ? -found - 1 : found;
    }

    private void copyPlain(int from, int end) {
        System.arraycopy(json, from, json, to, end - from);
        to += end - from;
    }
}
