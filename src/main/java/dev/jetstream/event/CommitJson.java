package dev.jetstream.event;

/**
 * Where the parts of a commit are in its v1 message, whose keys the decoder writes in a fixed order.
 *
 * <pre>
 *   …"kind":"commit","commit":{"rev":"R","operation":"create","collection":"C","rkey":"K","record":{…},"cid":"CID"}}
 * </pre>
 */
public final class CommitJson {
    private static final int DID_TO_REV = EventBlock.BEFORE_TIME.length()
            + EventBlock.TIME_DIGITS
            + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"".length();
    private static final int REV_TO_OPERATION = "\",\"operation\":\"".length();

    /** All operations have as many letters. */
    private static final int OPERATION_TO_COLLECTION = "create\",\"collection\":\"".length();

    private static final int COLLECTION_TO_RKEY = "\",\"rkey\":\"".length();
    private static final int RKEY_TO_RECORD = "\",\"record\":".length();

    private CommitJson() {}

    /** Offset of the quote after the rev. */
    public static int revEnd(EventBlock block, int event) {
        return Json.stringEnd(block.frames(), block.didStart(event) + block.didLength(event) + DID_TO_REV);
    }

    /** Offset of the first letter of the operation. */
    public static int operationStart(EventBlock block, int event) {
        return revEnd(block, event) + REV_TO_OPERATION;
    }

    static Operation operation(EventBlock block, int event) {
        return Operation.of(block.frames()[operationStart(block, event)]);
    }

    /** Offset of the bracket that opens the record; -1 for a delete, which has none. */
    static int recordStart(EventBlock block, int event) {
        byte[] frames = block.frames();
        int collection = operationStart(block, event) + OPERATION_TO_COLLECTION;
        int rkey = Json.stringEnd(frames, collection) + COLLECTION_TO_RKEY;
        int rkeyEnd = Json.stringEnd(frames, rkey);
        return frames[rkeyEnd + 1] == ',' ? rkeyEnd + RKEY_TO_RECORD : -1;
    }
}
