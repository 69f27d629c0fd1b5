package dev.jetstream.journal.codec;

/** Buffers that a thread uses again for block after block. */
final class Scratch {
    /** Larger ones are given back to the heap after use. */
    private static final int MAX_KEPT = 4 << 20;

    private static final int USUAL = 1 << 20;

    private static final ThreadLocal<ByteWriter> BODY = ThreadLocal.withInitial(() -> new ByteWriter(USUAL));
    private static final ThreadLocal<ByteWriter> ENCODED = ThreadLocal.withInitial(() -> new ByteWriter(USUAL));

    private Scratch() {}

    /** This thread's buffer for a body, empty. */
    static ByteWriter body() {
        ByteWriter body = BODY.get();
        body.clear();
        return body;
    }

    /** This thread's buffer for a whole block, empty. */
    static ByteWriter encoded() {
        ByteWriter encoded = ENCODED.get();
        encoded.clear();
        return encoded;
    }

    /** To be called when nobody needs their contents any more. */
    static void done(ByteWriter... used) {
        for (ByteWriter buffer : used) {
            if (buffer.array().length > MAX_KEPT) {
                BODY.remove();
                ENCODED.remove();
                return;
            }
        }
    }
}
