package dev.jetstream.decode;

/**
 * The order of a map's entries: sorted by key, but for blobs. A blob ({@code $type} is {@code blob}) is written {@code $type},
 * {@code ref}, {@code mimeType}, {@code size}; a legacy blob, a map of just {@code cid} and {@code mimeType}, in this order.
 * Looks at the entries' JSON as it was just written.
 */
final class Blobs {
    private static final String TYPE = "$type";
    private static final String REF = "ref";
    private static final String MIME_TYPE = "mimeType";
    private static final String SIZE = "size";
    private static final String CID = "cid";

    private static final long TYPE_KEY = MapEntries.prefixOf(TYPE);
    private static final long REF_KEY = MapEntries.prefixOf(REF);
    private static final long MIME_TYPE_KEY = MapEntries.prefixOf(MIME_TYPE);
    private static final long SIZE_KEY = MapEntries.prefixOf(SIZE);
    private static final long CID_KEY = MapEntries.prefixOf(CID);

    private static final byte[] BEFORE_CID = Bytes.ascii("\"cid\":");
    private static final byte[] BEFORE_MIME_TYPE = Bytes.ascii(",\"mimeType\":");
    private static final byte[] LINK = Bytes.ascii("{\"$link\":");
    private static final byte[] BYTES = Bytes.ascii("{\"$bytes\":");

    private final MapEntries entries;

    Blobs(MapEntries entries) {
        this.entries = entries;
    }

    /**
     * Puts the entries from {@code base} on into their order.
     *
     * @param blob whether {@code $type} is {@code blob}
     * @return whether they are a blob's
     */
    boolean finish(int base, int count, boolean blob, JsonOut out) {
        if (blob) {
            blob(base, count, out);
            return true;
        }
        if (count == 2) {
            int cid = entries.find(base, CID_KEY, CID.length());
            int mimeType = cid < 0 ? -1 : entries.find(base, MIME_TYPE_KEY, MIME_TYPE.length());
            if (mimeType >= 0) {
                legacyBlob(base, cid, mimeType, out);
                return true;
            }
        }
        entries.sort(base, out);
        return false;
    }

    private void blob(int base, int count, JsonOut out) {
        int type = entries.find(base, TYPE_KEY, TYPE.length());
        int ref = entries.find(base, REF_KEY, REF.length());
        int mimeType = entries.find(base, MIME_TYPE_KEY, MIME_TYPE.length());
        int size = entries.find(base, SIZE_KEY, SIZE.length());
        if (count != 4 || ref < 0 || mimeType < 0 || size < 0) {
            throw bad();
        }
        byte first = out.bytes[entries.valueAt(size)];
        boolean number = first == '-' || first >= '0' && first <= '9';
        if (!number || !isText(mimeType, out) || !isStandIn(ref, LINK, out)) {
            throw bad();
        }
        if (first == '-') {
            // The Go servers mark what they read from a legacy blob with a negative size, and write it as one.
            int cidAt = entries.valueAt(ref) + LINK.length;
            writeLegacy(base, out, cidAt, entries.valueEnd(ref, out) - 1 - cidAt, mimeType);
        } else {
            entries.arrange(base, out, type, ref, mimeType, size);
        }
    }

    private void legacyBlob(int base, int cid, int mimeType, JsonOut out) {
        if (!isText(mimeType, out)) {
            throw bad();
        }
        int at = entries.valueAt(cid);
        int end = entries.valueEnd(cid, out);
        if (isStandIn(cid, LINK, out)) {
            writeLegacy(base, out, at + LINK.length, end - 1 - at - LINK.length, mimeType);
            return;
        }
        byte[] bytes;
        if (isStandIn(cid, BYTES, out)) {
            int from = at + BYTES.length + 1;
            bytes = Multibase.parseBase64(out.bytes, from, end - 2 - from);
            if (!Cid.isWhole(bytes, 0, bytes.length)) {
                throw bad();
            }
        } else if (isText(cid, out)) {
            bytes = Multibase.parseCid(out.bytes, at + 1, end - at - 2);
        } else {
            throw bad();
        }
        int textAt = out.at;
        out.put('"');
        Multibase.cid(out, bytes, 0, bytes.length);
        out.put('"');
        int textEnd = out.at;
        out.at = textAt;
        writeLegacy(base, out, textAt, textEnd - textAt, mimeType);
    }

    /** Writes a legacy blob over the entries from {@code base} on. The CID's quoted text may follow the JSON. */
    private void writeLegacy(int base, JsonOut out, int cidAt, int cidLength, int mimeType) {
        int from = entries.start(base);
        int mimeTypeAt = entries.valueAt(mimeType);
        int mimeTypeLength = entries.valueEnd(mimeType, out) - mimeTypeAt;
        int tail = Math.max(out.at, cidAt + cidLength);
        out.at = tail;
        out.put(BEFORE_CID);
        out.put(out.bytes, cidAt, cidLength);
        out.put(BEFORE_MIME_TYPE);
        out.put(out.bytes, mimeTypeAt, mimeTypeLength);
        out.put(',');
        int length = out.at - tail;
        System.arraycopy(out.bytes, tail, out.bytes, from, length);
        out.at = from + length;
    }

    private boolean isText(int entry, JsonOut out) {
        return out.bytes[entries.valueAt(entry)] == '"';
    }

    /** Whether an entry's value is an object that starts so: only a link or bytes can, for such a map has no other key. */
    private boolean isStandIn(int entry, byte[] start, JsonOut out) {
        int at = entries.valueAt(entry);
        for (int i = 0; i < start.length; i++) {
            if (out.bytes[at + i] != start[i]) {
                return false;
            }
        }
        return true;
    }

    private static DropReason.Rejection bad() {
        return DropReason.BAD_RECORD.rejection();
    }
}
