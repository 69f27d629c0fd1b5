package dev.jetstream.upstream;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;

/** Firehose frames as a relay writes them, made with Jackson. */
final class Frames {
    private static final CBORFactory CBOR = new CBORFactory();

    private Frames() {}

    /** A frame that passes for a commit, padded to about {@code bytes}. */
    static byte[] commit(long seq, int bytes) {
        byte[] padding = new byte[bytes];
        Arrays.fill(padding, (byte) seq);
        return frame(Map.of("t", "#commit"), 1, Map.of("seq", seq, "blocks", padding));
    }

    static byte[] commit(long seq) {
        return commit(seq, 20);
    }

    static byte[] error(String name, String message) {
        return frame(Map.of(), -1, Map.of("error", name, "message", message));
    }

    static byte[] info(String name) {
        return frame(Map.of("t", "#info"), 1, Map.of("name", name));
    }

    static byte[] frame(Map<String, Object> header, long op, Map<String, Object> body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator cbor = CBOR.createGenerator(out)) {
            cbor.writeStartObject(null, header.size() + 1);
            for (Map.Entry<String, Object> field : header.entrySet()) {
                cbor.writeObjectField(field.getKey(), field.getValue());
            }
            cbor.writeNumberField("op", op);
            cbor.writeEndObject();
            cbor.writeStartObject(null, body.size());
            for (Map.Entry<String, Object> field : body.entrySet()) {
                cbor.writeObjectField(field.getKey(), field.getValue());
            }
            cbor.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
