package dev.jetstream.event;

import java.util.List;

/** Evaluates a filter over a block: collections once per entry of the block's table, then one pass over the events. */
final class Selector {
    private Selector() {}

    static Selection select(EventBlock block, Filter filter, BlockEncoding encoding) {
        boolean[] wanted = wantedEntries(block.table(), filter);
        boolean[] wantedKinds = new boolean[EventKind.lastNumber() + 1];
        for (EventKind kind : EventKind.values()) {
            wantedKinds[kind.number()] = filter.wantsKind(kind);
        }
        DidSet dids = filter.didSet();
        long[] hashes = dids == null ? null : block.didHashes();
        long max = filter.maxMessageBytes();
        Frames sized = max == 0 ? null : block.frames(encoding.plain());
        Selection.Builder selected = new Selection.Builder();
        for (int i = 0; i < block.count(); i++) {
            int collection = block.collection(i);
            if (!wantedKinds[block.kind(i).number()] || collection >= 0 && !wanted[collection]) {
                continue;
            }
            if (dids != null && !wantsDid(dids, hashes[i], block, i)) {
                continue;
            }
            if (max > 0 && sized.payloadLength(i) > max) {
                continue;
            }
            selected.add(i);
        }
        return selected.build();
    }

    private static boolean wantsDid(DidSet dids, long hash, EventBlock block, int event) {
        int from = block.didStart(event);
        return dids.contains(hash, block.frames(), from, from + block.didLength(event));
    }

    private static boolean[] wantedEntries(List<String> table, Filter filter) {
        boolean[] wanted = new boolean[table.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = filter.wantsCollection(table.get(i));
        }
        return wanted;
    }
}
