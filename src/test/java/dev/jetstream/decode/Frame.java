package dev.jetstream.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds upstream frames by hand, good ones unless a test spoils them. */
public final class Frame {
    public static final String DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
    public static final String REV = "3lxyz2abcde2f";
    public static final String TIME = "2026-07-04T12:00:00.123Z";

    private Frame() {}

    public static byte[] of(Object header, Object body) {
        return Cbor.concat(Cbor.of(header), Cbor.of(body));
    }

    public static Map<String, Object> header(String kind) {
        return map("t", kind, "op", 1);
    }

    /** Keys and values, in this order. */
    public static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    public static Map<String, Object> identity() {
        return map("did", DID, "seq", 7, "time", TIME, "handle", "a.test");
    }

    public static Map<String, Object> account() {
        return map("did", DID, "seq", 7, "time", TIME, "active", true);
    }

    public static Map<String, Object> op(String action, String path, byte[] cid) {
        return map("cid", cid == null ? null : new Cbor.Link(cid), "path", path, "action", action);
    }

    /** A commit's body with these ops and blocks, and the fields that a real one has besides. */
    public static Map<String, Object> commit(List<?> ops, byte[] blocks) {
        Cbor.Link commit = new Cbor.Link(Cbor.cid(new byte[] {1}));
        return map(
                "ops", ops, "rev", REV, "seq", 7, "repo", DID, "time", TIME, "blobs", List.of(), "since", null,
                "blocks", blocks, "commit", commit, "rebase", false, "tooBig", false);
    }

    /** A commit that creates one record. */
    public static byte[] create(byte[] record) {
        byte[] cid = Cbor.cid(record);
        return of(header("#commit"), commit(List.of(op("create", "app.bsky.feed.post/abc", cid)), car(record)));
    }

    public static byte[] create(Object record) {
        return create(Cbor.of(record));
    }

    /** A CAR of blocks, each under the CID that it has. */
    public static byte[] car(byte[]... blocks) {
        List<byte[]> sections = new ArrayList<>();
        sections.add(section(Cbor.of(map("roots", List.of(new Cbor.Link(Cbor.cid(new byte[] {1}))), "version", 1))));
        for (byte[] block : blocks) {
            sections.add(section(Cbor.concat(Cbor.cid(block), block)));
        }
        return Cbor.concat(sections.toArray(byte[][]::new));
    }

    /** Bytes with their length as a varint before them. */
    public static byte[] section(byte[] bytes) {
        return Cbor.concat(varint(bytes.length), bytes);
    }

    public static byte[] varint(long value) {
        byte[] bytes = new byte[10];
        int count = 0;
        long rest = value;
        do {
            bytes[count++] = (byte) (rest & 0x7F | (rest > 0x7F || rest < 0 ? 0x80 : 0));
            rest >>>= 7;
        } while (rest != 0);
        return Arrays.copyOf(bytes, count);
    }
}
