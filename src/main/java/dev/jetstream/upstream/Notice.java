package dev.jetstream.upstream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.jetstream.common.Text;
import java.io.IOException;
import java.util.Optional;

/**
 * What a relay says about the stream itself: an error frame ({@code op} -1), which ends it, or {@code #info}.
 *
 * @param isError whether it is an error frame
 * @param name {@code FutureCursor}, {@code OutdatedCursor}, …; fit for a log, empty when absent or malformed
 * @param message more words; the same
 */
record Notice(boolean isError, String name, String message) {
    static final String FUTURE_CURSOR = "FutureCursor";
    static final String OUTDATED_CURSOR = "OutdatedCursor";

    /** Notices are short; what lies behind this many bytes is not looked at. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final int MAX_FIELDS = 32;

    private static final CBORFactory CBOR = CBORFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxStringLength(MAX_BYTES)
                    .maxNameLength(256)
                    .maxNumberLength(64)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /**
     * Whether a frame's header is plainly {@code {op: 1, t: "#…"}} and not {@code #info}, in either order of keys: true for
     * nearly all frames, at the cost of a few bytes looked at. Anything else is worth {@link #read}.
     */
    static boolean isUsual(byte[] b, int from, int to) {
        if (to - from < 16 || b[from] != (byte) 0xA2) {
            return false;
        }
        if (b[from + 1] == 0x61) {
            int length = b[from + 3] - 0x60;
            int op = from + 4 + length;
            return isType(b, from + 2, length) && op + 4 <= to && isOpOne(b, op);
        }
        return isOpOne(b, from + 1) && b[from + 5] == 0x61 && isType(b, from + 6, b[from + 7] - 0x60);
    }

    /** {@code t}, a short text, which is not {@code #info}; {@code b} has nine bytes from {@code at} on. */
    private static boolean isType(byte[] b, int at, int length) {
        return b[at] == 't'
                && length > 1
                && length < 24
                && b[at + 2] == '#'
                && !(length == 5 && b[at + 3] == 'i' && b[at + 4] == 'n' && b[at + 5] == 'f');
    }

    private static boolean isOpOne(byte[] b, int at) {
        return b[at] == 0x62 && b[at + 1] == 'o' && b[at + 2] == 'p' && b[at + 3] == 0x01;
    }

    /**
     * Reads a frame that is not {@link #isUsual}; empty when it is no notice, malformed ones included: the decoder counts those.
     */
    static Optional<Notice> read(byte[] bytes, int from, int to) {
        try (CBORParser parser = CBOR.createParser(bytes, from, Math.min(to - from, MAX_BYTES))) {
            Fields header = fields(parser, "t");
            if (header.op == -1) {
                return Optional.of(body(parser, true, "error"));
            }
            return header.op == 1 && "#info".equals(header.name)
                    ? Optional.of(body(parser, false, "name"))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Notice body(CBORParser parser, boolean isError, String nameKey) {
        try {
            Fields body = fields(parser, nameKey);
            return new Notice(isError, Text.cut(body.name), Text.cut(body.message));
        } catch (IOException | RuntimeException e) {
            return new Notice(isError, "", "");
        }
    }

    private static final class Fields {
        private long op;
        private String name = "";
        private String message = "";
    }

    /** The fields of the map that comes next which this class knows; those after the first {@link #MAX_FIELDS} are an error. */
    private static Fields fields(CBORParser parser, String nameKey) throws IOException {
        Fields fields = new Fields();
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("no map");
        }
        for (int i = 0; i < MAX_FIELDS && parser.nextToken() == JsonToken.FIELD_NAME; i++) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals("op") && value == JsonToken.VALUE_NUMBER_INT) {
                fields.op = parser.getLongValue();
            } else if (key.equals(nameKey) && value == JsonToken.VALUE_STRING) {
                fields.name = parser.getText();
            } else if (key.equals("message") && value == JsonToken.VALUE_STRING) {
                fields.message = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            throw new IOException("not the map's end");
        }
        return fields;
    }
}
