package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * What the records of a block refer to, and their languages. Each index is made when a filter first asks for it, by one scan of the
 * bytes, then shared by all. Any thread.
 */
final class RecordIndex {
    private static final byte[] UNDETERMINED = "und".getBytes(US_ASCII);

    /** No wanted text is longer: those need no key. */
    private static final int MAX_DID = 2048;

    private static final int MAX_URI = 4096;
    private static final int MAX_TAG = 35;

    private static final int SCHEME = Json.URI_SCHEME.length();

    private final EventBlock block;
    private volatile TextIndex dids;
    private volatile TextIndex uris;
    private volatile TextIndex langs;

    RecordIndex(EventBlock block) {
        this.block = block;
    }

    /** DIDs that a record refers to: each string that is one, and the repository of each at-URI. */
    TextIndex dids() {
        TextIndex made = dids;
        if (made == null) {
            synchronized (this) {
                made = dids == null ? dids = made(this::addDids) : dids;
            }
        }
        return made;
    }

    /** Each at-URI in a record, and what precedes its second and third slash. */
    TextIndex uris() {
        TextIndex made = uris;
        if (made == null) {
            synchronized (this) {
                made = uris == null ? uris = made(this::addUris) : uris;
            }
        }
        return made;
    }

    /**
     * Language tags in lower case: each string in the array {@code langs} of a record, and what precedes each hyphen of it; {@code und}
     * where there is no such array, and for deletes.
     */
    TextIndex langs() {
        TextIndex made = langs;
        if (made == null) {
            synchronized (this) {
                made = langs == null ? langs = made(this::addLangs) : langs;
            }
        }
        return made;
    }

    void forget() {
        dids = null;
        uris = null;
        langs = null;
    }

    /** Adds the texts of one record. */
    private interface Scan {
        /** @param recordStart -1: there is no record */
        void add(TextIndex index, int event, int recordStart);
    }

    private TextIndex made(Scan scan) {
        TextIndex index = new TextIndex();
        for (int event = 0; event < block.count(); event++) {
            if (block.kind(event) == EventKind.COMMIT) {
                scan.add(index, event, CommitJson.recordStart(block, event));
            }
        }
        index.trim();
        block.charge(index.bytes());
        return index;
    }

    private void addDids(TextIndex index, int event, int recordStart) {
        if (recordStart < 0) {
            return;
        }
        Json.strings(block.frames(), recordStart, (json, from, to) -> {
            int start = Json.isUri(json, from, to) ? from + SCHEME : from;
            if (Json.isDid(json, start, to)) {
                int end = start == from ? to : endOfSegment(json, start, to);
                if (end - start <= MAX_DID) {
                    index.add(json, start, end, event);
                }
            }
        });
    }

    private void addUris(TextIndex index, int event, int recordStart) {
        if (recordStart < 0) {
            return;
        }
        Json.strings(block.frames(), recordStart, (json, from, to) -> {
            if (Json.isUri(json, from, to) && Json.isDid(json, from + SCHEME, to)) {
                int end = from + SCHEME - 1;
                for (int segment = 0; segment < 3 && end < to; segment++) {
                    end = endOfSegment(json, end + 1, to);
                    if (end - from <= MAX_URI) {
                        index.add(json, from, end, event);
                    }
                }
            }
        });
    }

    private static int endOfSegment(byte[] json, int from, int to) {
        int at = from;
        while (at < to && json[at] != '/') {
            at++;
        }
        return at;
    }

    private void addLangs(TextIndex index, int event, int recordStart) {
        byte[] frames = block.frames();
        int array = recordStart < 0 ? -1 : Json.langs(frames, recordStart);
        if (array < 0) {
            index.add(UNDETERMINED, 0, UNDETERMINED.length, event);
            return;
        }
        byte[] tag = new byte[MAX_TAG];
        Json.elements(frames, array, (json, from, to) -> {
            int length = Math.min(to - from, MAX_TAG);
            for (int i = 0; i < length; i++) {
                byte c = json[from + i];
                if (c == '-') {
                    index.add(tag, 0, i, event);
                }
                tag[i] = c >= 'A' && c <= 'Z' ? (byte) (c + 'a' - 'A') : c;
            }
            if (length == to - from) {
                index.add(tag, 0, length, event);
            }
        });
    }
}
