package dev.jetstream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The columns of one of v2's blocks, filled from the journal's events. Not for threads to share.
 *
 * <pre>
 *   n u32 | seq u64[n] | witnessed i64[n] | indexed i64[n] | kind u8[n] | collection length u8[n] | DID length u16[n]
 *   | rkey length u8[n] | rev length u8[n] | payload length u32[n] | collections | DIDs | rkeys | revs | payloads
 * </pre>
 *
 * All numbers are little-endian. A record is rebuilt from v1's JSON and its hash compared with the CID; an event whose record does not
 * match, or that the columns have no room for, is left out and counted.
 */
final class BlockColumns {
    private static final int MAX_BODY_BYTES = 64 << 20;
    private static final int MAX_BYTE = 255;
    private static final int MAX_DID = 65_535;
    private static final int FIXED_BYTES = 34;

    /** The start of a CID of version 1 that names DAG-CBOR by its SHA-256. */
    private static final byte[] RECORD_CID = {1, 0x71, 0x12, 0x20};

    private static final int CREATE = 1;
    private static final int UPDATE = 2;
    private static final int DELETE = 3;
    private static final int IDENTITY = 4;
    private static final int ACCOUNT = 5;

    private static final JsonFactory JSON = new JsonFactory();

    private final DagCborWriter payloads = new DagCborWriter();
    private final ByteArrayOutputStream collections = new ByteArrayOutputStream();
    private final ByteArrayOutputStream dids = new ByteArrayOutputStream();
    private final ByteArrayOutputStream rkeys = new ByteArrayOutputStream();
    private final ByteArrayOutputStream revs = new ByteArrayOutputStream();
    private final ByteBuffer fixed;
    private final Row[] rows;
    private final MessageDigest sha256 = sha256();
    private int count;
    private int leftOut;

    private record Row(long seq, long timeUs, int kind, int collection, int did, int rkey, int rev, int payload) {}

    /** An event's fields, as they are read from its JSON. */
    private static final class Fields {
        String did = "";
        String rev = "";
        String operation = "";
        String collection = "";
        String rkey = "";
        String cid = "";
        boolean hasPayload;
    }

    /** @param maxRows events that are added at most */
    BlockColumns(int maxRows) {
        rows = new Row[maxRows];
        fixed = ByteBuffer.allocate(Integer.BYTES + FIXED_BYTES * maxRows).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Events that were left out. */
    int leftOut() {
        return leftOut;
    }

    /** Rows so far. */
    int count() {
        return count;
    }

    /** Adds an event, or leaves it out. Events are added in the order of their seqs. */
    void add(EventBlock block, int event) {
        int payloadAt = payloads.length();
        Fields fields = new Fields();
        boolean fits;
        try {
            read(block, event, fields);
            fits = append(block, event, fields, payloadAt);
        } catch (IOException e) {
            fits = false;
        }
        if (!fits) {
            payloads.truncate(payloadAt);
            leftOut++;
        }
    }

    private void read(EventBlock block, int event, Fields fields) throws IOException {
        try (JsonParser json =
                JSON.createParser(block.frames(), block.messageStart(event), block.messageLength(event))) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                if (key.equals("did")) {
                    fields.did = json.getText();
                } else if (key.equals("commit") && value == JsonToken.START_OBJECT) {
                    commit(json, fields);
                } else if (value == JsonToken.START_OBJECT) {
                    payloads.value(json);
                    fields.hasPayload = true;
                }
            }
        }
    }

    private void commit(JsonParser json, Fields fields) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "rev" -> fields.rev = json.getText();
                case "operation" -> fields.operation = json.getText();
                case "collection" -> fields.collection = json.getText();
                case "rkey" -> fields.rkey = json.getText();
                case "cid" -> fields.cid = json.getText();
                case "record" -> {
                    payloads.value(json);
                    fields.hasPayload = true;
                }
                default -> json.skipChildren();
            }
        }
    }

    private boolean append(EventBlock block, int event, Fields fields, int payloadAt) throws IOException {
        byte[] collection = fields.collection.getBytes(UTF_8);
        byte[] did = fields.did.getBytes(UTF_8);
        byte[] rkey = fields.rkey.getBytes(UTF_8);
        byte[] rev = fields.rev.getBytes(UTF_8);
        int kind = kind(block.kind(event), fields);
        int payload = payloads.length() - payloadAt;
        boolean fits = collection.length <= MAX_BYTE
                && rkey.length <= MAX_BYTE
                && rev.length <= MAX_BYTE
                && did.length <= MAX_DID
                && kind > 0
                && fields.hasPayload == (kind != DELETE)
                && (kind > UPDATE || isRecordOf(fields.cid, payloadAt))
                && payloads.length() <= MAX_BODY_BYTES;
        if (fits) {
            rows[count++] = new Row(
                    block.firstOrdinal() + event + 1,
                    block.timeUs(event),
                    kind,
                    collection.length,
                    did.length,
                    rkey.length,
                    rev.length,
                    payload);
            collections.writeBytes(collection);
            dids.writeBytes(did);
            rkeys.writeBytes(rkey);
            revs.writeBytes(rev);
        }
        return fits;
    }

    private static int kind(EventKind kind, Fields fields) {
        return switch (kind) {
            case COMMIT ->
                switch (fields.operation) {
                    case "create" -> CREATE;
                    case "update" -> UPDATE;
                    case "delete" -> DELETE;
                    default -> 0;
                };
            case IDENTITY -> IDENTITY;
            case ACCOUNT -> ACCOUNT;
        };
    }

    private boolean isRecordOf(String cid, int payloadAt) throws IOException {
        byte[] expected = DagCborWriter.cid(cid);
        sha256.update(payloads.bytes(), payloadAt, payloads.length() - payloadAt);
        byte[] hash = sha256.digest();
        return expected.length == RECORD_CID.length + hash.length
                && Arrays.equals(expected, 0, RECORD_CID.length, RECORD_CID, 0, RECORD_CID.length)
                && Arrays.equals(expected, RECORD_CID.length, expected.length, hash, 0, hash.length);
    }

    /** The block's body, uncompressed. */
    byte[] body() {
        fixed.clear().putInt(count);
        for (int i = 0; i < count; i++) {
            fixed.putLong(rows[i].seq);
        }
        for (int i = 0; i < count; i++) {
            fixed.putLong(rows[i].timeUs);
        }
        for (int i = 0; i < count; i++) {
            fixed.putLong(0);
        }
        for (int i = 0; i < count; i++) {
            fixed.put((byte) rows[i].kind);
        }
        for (int i = 0; i < count; i++) {
            fixed.put((byte) rows[i].collection);
        }
        for (int i = 0; i < count; i++) {
            fixed.putShort((short) rows[i].did);
        }
        for (int i = 0; i < count; i++) {
            fixed.put((byte) rows[i].rkey);
        }
        for (int i = 0; i < count; i++) {
            fixed.put((byte) rows[i].rev);
        }
        for (int i = 0; i < count; i++) {
            fixed.putInt(rows[i].payload);
        }
        ByteBuffer body = ByteBuffer.allocate(
                fixed.position() + collections.size() + dids.size() + rkeys.size() + revs.size() + payloads.length());
        body.put(fixed.flip());
        for (ByteArrayOutputStream column : new ByteArrayOutputStream[] {collections, dids, rkeys, revs}) {
            body.put(column.toByteArray());
        }
        return body.put(payloads.bytes(), 0, payloads.length()).array();
    }

    /** The block as clients fetch it: one zstd frame with a checksum. */
    byte[] frame() {
        byte[] body = body();
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            return zstd.setLevel(Zstd.defaultCompressionLevel())
                    .setChecksum(true)
                    .compress(body);
        }
    }
}
