package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.map;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

/** Decodes a commit of one record, and looks at what came of it. */
final class RecordChecks {
    private RecordChecks() {}

    static void assertRecord(Object record, String json) {
        byte[] block = Cbor.of(record);
        String message = Decoded.of(Frame.create(block)).message();
        String cid = CommitTest.text(Cbor.cid(block));
        assertThat(message).endsWith("\"rkey\":\"abc\",\"record\":" + json + ",\"cid\":\"" + cid + "\"}}");
    }

    static void assertDropped(Object record, DropReason reason) {
        Decoded decoded = Decoded.of(Frame.create(Cbor.of(record)), Frame.create((Object) map()));
        assertThat(decoded.drops()).isEqualTo(Map.of(reason, 1));
        assertThat(decoded.messages()).hasSize(1);
    }
}
