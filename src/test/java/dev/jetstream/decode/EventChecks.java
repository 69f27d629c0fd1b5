package dev.jetstream.decode;

import static dev.jetstream.decode.DecodedFrames.NO_SEQ;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.websocket.FrameHeader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What must hold for all that the decoder gives, whatever it was given: read with Jackson, from the bytes. */
final class EventChecks {
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private EventChecks() {}

    /** Checks all events; returns their JSON, with the hole for {@code time_us} filled. */
    static List<String> json(DecodedFrames frames) throws Exception {
        check(frames.seqs().length == frames.frameCount(), "a seq for each frame");
        for (long seq : frames.seqs()) {
            check(seq >= NO_SEQ, "seq " + seq);
        }
        check(frames.frameEnds()[frames.frameCount() - 1] == frames.count(), "frames end with the last event");
        List<String> all = new ArrayList<>();
        for (int i = 0; i < frames.count(); i++) {
            all.add(json(frames, i));
        }
        return all;
    }

    private static String json(DecodedFrames frames, int i) throws Exception {
        byte[] bytes = frames.bytes();
        int start = frames.start(i);
        int end = frames.ends()[i];
        int header = FrameHeader.length(bytes, start, end);
        check((bytes[start] & 0xFF) == 0x81, "a final text frame");
        check(FrameHeader.payloadLength(bytes, start) == end - start - header, "the frame's length");
        int hole = start
                + header
                + EventBlock.BEFORE_DID.length()
                + frames.didLengths()[i]
                + EventBlock.BEFORE_TIME.length();
        bytes[hole] = '1';
        String json = text(bytes, start + header, end);
        check(json.chars().noneMatch(c -> c < ' ' || "<>&\u2028\u2029".indexOf(c) >= 0), "escaped");
        JsonNode event = STRICT.readTree(json);
        EventKind eventKind = EventKind.of(frames.kinds()[i]);
        String kind = eventKind.v1Name();
        keys(event, "did", "time_us", "kind", kind);
        check(!event.get("did").textValue().isEmpty(), "a DID");
        check(event.get("time_us").longValue() == 1_000_000_000_000_000L, "the hole is where it is said to be");
        check(event.get("kind").textValue().equals(kind), "the kind");
        JsonNode body = event.get(kind);
        if (eventKind == EventKind.COMMIT) {
            commit(body, frames.table().get(frames.collections()[i]));
        } else {
            identityOrAccount(body, event.get("did").textValue(), kind);
        }
        return json;
    }

    private static void commit(JsonNode commit, String collection) {
        boolean isDelete = commit.path("operation").asText().equals("delete");
        if (isDelete) {
            keys(commit, "rev", "operation", "collection", "rkey");
        } else {
            keys(commit, "rev", "operation", "collection", "rkey", "record", "cid");
            check(commit.get("operation").textValue().matches("create|update"), "the operation");
            check(commit.get("record").isObject(), "a record");
            check(commit.get("cid").textValue().matches("b[a-z2-7]{58}|Qm[1-9A-HJ-NP-Za-km-z]{44}"), "a CID");
        }
        check(commit.get("rev").isTextual(), "a rev");
        check(commit.get("collection").textValue().equals(collection), "the collection");
        check(!commit.get("rkey").textValue().isEmpty(), "an rkey");
    }

    private static void identityOrAccount(JsonNode body, String did, String kind) {
        String optional = kind.equals("identity") ? "handle" : "status";
        boolean has = body.has(optional);
        if (kind.equals("identity")) {
            keys(body, has ? new String[] {"did", "handle", "seq", "time"} : new String[] {"did", "seq", "time"});
        } else {
            keys(
                    body,
                    has
                            ? new String[] {"active", "did", "seq", "status", "time"}
                            : new String[] {"active", "did", "seq", "time"});
            check(body.get("active").isBoolean(), "active or not");
        }
        check(!has || body.get(optional).isTextual(), optional);
        check(body.get("did").textValue().equals(did), "the same DID");
        check(body.get("seq").canConvertToLong() && body.get("seq").longValue() >= 0, "a seq");
        check(body.get("time").isTextual(), "a time");
    }

    private static void keys(JsonNode object, String... keys) {
        List<String> found = new ArrayList<>();
        object.fieldNames().forEachRemaining(found::add);
        check(found.equals(List.of(keys)), "keys " + found);
    }

    private static String text(byte[] bytes, int from, int to) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes, from, to - from))
                .toString();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("not so: " + what);
        }
    }
}
