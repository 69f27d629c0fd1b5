package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;

/**
 * Writes events in the shapes of v1, each as an unmasked websocket text message, with zeros in place of {@code time_us}. It leaves
 * room for a header of four bytes and moves the few messages that need a longer or shorter one.
 */
final class MessageWriter {
    private static final int USUAL_HEADER = 4;

    private static final byte[] BEFORE_DID = Bytes.ascii(EventBlock.BEFORE_DID);
    private static final byte[] HOLE = new byte[EventBlock.TIME_DIGITS];

    static {
        Arrays.fill(HOLE, (byte) '0');
    }

    private static final byte[] COMMIT = afterDid(EventKind.COMMIT, "\"rev\":");
    private static final byte[] IDENTITY = afterDid(EventKind.IDENTITY, "\"did\":");
    private static final byte[] ACCOUNT_ACTIVE = afterDid(EventKind.ACCOUNT, "\"active\":true,\"did\":");
    private static final byte[] ACCOUNT_INACTIVE = afterDid(EventKind.ACCOUNT, "\"active\":false,\"did\":");
    /** The text between rev and collection, by action. */
    private static final byte[][] OPERATIONS = {
        Bytes.ascii(",\"operation\":\"create\",\"collection\":\""),
        Bytes.ascii(",\"operation\":\"update\",\"collection\":\""),
        Bytes.ascii(",\"operation\":\"delete\",\"collection\":\"")
    };

    private static final byte[] BEFORE_RKEY = Bytes.ascii("\",\"rkey\":");
    private static final byte[] BEFORE_RECORD = Bytes.ascii(",\"record\":");
    private static final byte[] BEFORE_CID = Bytes.ascii(",\"cid\":\"");
    private static final byte[] AFTER_CID = Bytes.ascii("\"}}");
    private static final byte[] BEFORE_HANDLE = Bytes.ascii(",\"handle\":");
    private static final byte[] BEFORE_SEQ = Bytes.ascii(",\"seq\":");
    private static final byte[] BEFORE_STATUS = Bytes.ascii(",\"status\":");
    private static final byte[] BEFORE_TIME = Bytes.ascii(",\"time\":");
    private static final byte[] END = Bytes.ascii("}}");

    private final JsonOut out;
    private int start;
    private int didLength;

    MessageWriter(JsonOut out) {
        this.out = out;
    }

    private static byte[] afterDid(EventKind kind, String body) {
        String name = kind.v1Name();
        return Bytes.ascii(EventBlock.BEFORE_TIME + new String(HOLE, ISO_8859_1) + ",\"kind\":\"" + name + "\",\""
                + name + "\":{" + body);
    }

    /** Bytes of the last message's DID in the JSON. */
    int didLength() {
        return didLength;
    }

    private void begin(ParsedFrame frame) {
        start = out.at;
        out.ensure(USUAL_HEADER);
        out.at += USUAL_HEADER;
        out.put(BEFORE_DID);
        int didAt = out.at;
        out.escaped(frame.in, frame.didAt, frame.didAt + frame.didLength);
        didLength = out.at - didAt;
        if (didLength > ParsedFrame.MAX_DID_BYTES) {
            throw DropReason.MALFORMED_FRAME.rejection();
        }
    }

    /** Writes a commit's message up to its record or end. */
    void beginCommit(ParsedFrame frame, int action, int pathAt, int slashAt, int pathEnd) {
        begin(frame);
        out.put(COMMIT);
        out.string(frame.in, frame.revAt, frame.revAt + frame.revLength);
        out.put(OPERATIONS[action]);
        out.put(frame.in, pathAt, slashAt - pathAt);
        out.put(BEFORE_RKEY);
        out.string(frame.in, slashAt + 1, pathEnd);
    }

    void beginRecord() {
        out.put(BEFORE_RECORD);
    }

    void endCommit(byte[] in, int cidAt, int cidLength) {
        out.put(BEFORE_CID);
        Multibase.cid(out, in, cidAt, cidLength);
        out.put(AFTER_CID);
    }

    void endDelete() {
        out.put(END);
    }

    void identity(ParsedFrame frame) {
        begin(frame);
        out.put(IDENTITY);
        did(frame);
        optional(BEFORE_HANDLE, frame);
        seq(frame);
        time(frame);
    }

    void account(ParsedFrame frame) {
        begin(frame);
        out.put(frame.active ? ACCOUNT_ACTIVE : ACCOUNT_INACTIVE);
        did(frame);
        seq(frame);
        optional(BEFORE_STATUS, frame);
        time(frame);
    }

    private void did(ParsedFrame frame) {
        out.string(frame.in, frame.didAt, frame.didAt + frame.didLength);
    }

    private void optional(byte[] before, ParsedFrame frame) {
        if (frame.optionalAt >= 0) {
            out.put(before);
            out.string(frame.in, frame.optionalAt, frame.optionalAt + frame.optionalLength);
        }
    }

    private void seq(ParsedFrame frame) {
        out.put(BEFORE_SEQ);
        out.number(frame.seq);
    }

    private void time(ParsedFrame frame) {
        out.put(BEFORE_TIME);
        out.string(frame.in, frame.timeAt, frame.timeAt + frame.timeLength);
        out.put(END);
    }

    /** Writes the message's header; returns by how many bytes the message moved. */
    int finish() {
        int jsonAt = start + USUAL_HEADER;
        int length = out.at - jsonAt;
        int moved = FrameHeader.size(length) - USUAL_HEADER;
        if (moved != 0) {
            out.ensure(moved);
            System.arraycopy(out.bytes, jsonAt, out.bytes, jsonAt + moved, length);
            out.at += moved;
        }
        FrameHeader.write(out.bytes, start, FrameHeader.TEXT, length);
        return moved;
    }
}
