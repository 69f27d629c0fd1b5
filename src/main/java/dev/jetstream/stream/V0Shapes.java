package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.jetstream.event.CommitJson;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Frames;
import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;

/**
 * Rewrites v1 messages as v0: {@code "type"} with a short name for {@code kind}, {@code "type":"c"|"u"|"d"} for
 * {@code operation}.
 *
 * <p>The decoder's fixed order of keys gives their places, so no record is searched.
 */
final class V0Shapes {
    /** By the kind's number: how v0 names it, and how many bytes that takes in v1. */
    private static final byte[][] V0_NAMES = new byte[EventKind.lastNumber() + 1][];

    private static final int[] V1_NAME_LENGTHS = new int[V0_NAMES.length];

    static {
        for (EventKind kind : EventKind.values()) {
            V0_NAMES[kind.number()] = ("\"type\":\"" + kind.v0Name() + "\"").getBytes(ISO_8859_1);
            V1_NAME_LENGTHS[kind.number()] = ("\"kind\":\"" + kind.v1Name() + "\"").length();
        }
    }

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
        EventKind kind = block.kind(event);
        byte[] name = V0_NAMES[kind.number()];
        at = copy(name, 0, name.length, to, at);
        int bodyAt = kindAt + V1_NAME_LENGTHS[kind.number()];
        return kind == EventKind.COMMIT
                ? commit(block, event, bodyAt, to, at)
                : copy(from, bodyAt, block.end(event), to, at);
    }

    private static int commit(EventBlock block, int event, int bodyAt, byte[] to, int start) {
        byte[] from = block.frames();
        int at = copy(from, bodyAt, CommitJson.revEnd(block, event), to, start);
        int operationAt = CommitJson.operationStart(block, event);
        at = copy(TYPE, 0, TYPE.length, to, at);
        to[at++] = from[operationAt];
        return copy(from, operationAt + "create".length(), block.end(event), to, at);
    }

    private static final byte[] TYPE = "\",\"type\":\"".getBytes(ISO_8859_1);

    private static int copy(byte[] from, int start, int end, byte[] to, int at) {
        System.arraycopy(from, start, to, at, end - start);
        return at + end - start;
    }
}
