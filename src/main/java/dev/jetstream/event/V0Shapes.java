package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;

/**
 * Rewrites v1 messages as v0: {@code "type":"com"|"id"|"acc"} for {@code kind}, {@code "type":"c"|"u"|"d"} for {@code operation}.
 *
 * <p>Both stand at places that the decoder's fixed order of keys gives, so nothing is searched behind a record's start.
 */
final class V0Shapes {
    private static final byte[] COMMIT = "\"type\":\"com\",\"commit\":{\"rev\":\"".getBytes(ISO_8859_1);
    private static final byte[] IDENTITY = "\"type\":\"id\"".getBytes(ISO_8859_1);
    private static final byte[] ACCOUNT = "\"type\":\"acc\"".getBytes(ISO_8859_1);
    private static final int V1_COMMIT = "\"kind\":\"commit\",\"commit\":{\"rev\":\"".length();
    private static final int V1_IDENTITY = "\"kind\":\"identity\"".length();
    private static final int V1_ACCOUNT = "\"kind\":\"account\"".length();
    private static final int BEFORE_OPERATION = "\",\"operation\":\"".length();
    private static final int AFTER_DID = EventBlock.BEFORE_TIME.length() + EventBlock.TIME_DIGITS + ",".length();

    private V0Shapes() {}

    /** The block's messages in v0's shapes, framed. They are never longer than v1's. */
    static Frames of(EventBlock block) {
        byte[] to = new byte[block.length()];
        int[] ends = new int[block.count()];
        int at = 0;
        byte[] message = new byte[1024];
        for (int i = 0; i < ends.length; i++) {
            int length = block.messageLength(i);
            if (message.length < length) {
                message = new byte[length];
            }
            int rewritten = rewrite(block, i, message);
            at = FrameHeader.write(to, at, FrameHeader.TEXT, rewritten);
            System.arraycopy(message, 0, to, at, rewritten);
            at += rewritten;
            ends[i] = at;
        }
        return new Frames(Arrays.copyOf(to, at), ends);
    }

    private static int rewrite(EventBlock block, int event, byte[] to) {
        byte[] from = block.frames();
        int start = block.messageStart(event);
        int kindAt = block.didStart(event) + block.didLength(event) + AFTER_DID;
        int at = copy(from, start, kindAt, to, 0);
        return switch (block.kind(event)) {
            case IDENTITY -> tail(IDENTITY, from, kindAt + V1_IDENTITY, block.end(event), to, at);
            case ACCOUNT -> tail(ACCOUNT, from, kindAt + V1_ACCOUNT, block.end(event), to, at);
            case COMMIT -> commit(from, kindAt, block.end(event), to, at);
        };
    }

    private static int tail(byte[] shape, byte[] from, int restAt, int end, byte[] to, int at) {
        int behind = copy(shape, 0, shape.length, to, at);
        return copy(from, restAt, end, to, behind);
    }

    private static int commit(byte[] from, int kindAt, int end, byte[] to, int start) {
        int at = copy(COMMIT, 0, COMMIT.length, to, start);
        int revAt = kindAt + V1_COMMIT;
        int revEnd = endOfString(from, revAt);
        at = copy(from, revAt, revEnd, to, at);
        int operationAt = revEnd + BEFORE_OPERATION;
        at = copy(TYPE, 0, TYPE.length, to, at);
        to[at++] = from[operationAt];
        return copy(from, operationAt + "create".length(), end, to, at);
    }

    private static final byte[] TYPE = "\",\"type\":\"".getBytes(ISO_8859_1);

    private static int endOfString(byte[] json, int at) {
        int i = at;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i;
    }

    private static int copy(byte[] from, int start, int end, byte[] to, int at) {
        System.arraycopy(from, start, to, at, end - start);
        return at + end - start;
    }
}
