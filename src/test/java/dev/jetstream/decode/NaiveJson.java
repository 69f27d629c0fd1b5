package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The oracle: reads DAG-CBOR with Jackson's CBOR parser and writes atproto JSON from strings, as plainly as can be. */
final class NaiveJson {
    private static final int CID_TAG = 42;

    private NaiveJson() {}

    static String of(byte[] cbor) {
        try (CBORParser parser = new CBORFactory().createParser(cbor)) {
            parser.nextToken();
            return value(parser);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String value(CBORParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> quoted(parser.getText());
            case VALUE_NUMBER_FLOAT -> whole(parser.getDoubleValue());
            case VALUE_EMBEDDED_OBJECT -> bytes(parser.getCurrentTag(), parser.getBinaryValue());
            default -> parser.getText();
        };
    }

    private static String whole(double number) {
        if (number != Math.rint(number) || Math.abs(number) > 0x1p63) {
            throw new AssertionError("no JSON for " + number);
        }
        return Long.toString((long) number);
    }

    private static String bytes(int tag, byte[] bytes) {
        return tag == CID_TAG
                ? "{\"$link\":" + quoted(CommitTest.text(Arrays.copyOfRange(bytes, 1, bytes.length))) + "}"
                : "{\"$bytes\":" + quoted(Base64.getEncoder().withoutPadding().encodeToString(bytes)) + "}";
    }

    private static String array(CBORParser parser) throws IOException {
        List<String> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return "[" + String.join(",", items) + "]";
    }

    private static String object(CBORParser parser) throws IOException {
        Map<String, String> sorted =
                new TreeMap<>((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)));
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = quoted(parser.currentName());
            parser.nextToken();
            sorted.put(key, value(parser));
        }
        List<String> order = new ArrayList<>(sorted.keySet());
        if ("\"blob\"".equals(sorted.get("\"$type\""))) {
            if (sorted.get("\"size\"").startsWith("-")) {
                return legacyBlob(sorted.get("\"ref\""), sorted.get("\"mimeType\""));
            }
            order = List.of("\"$type\"", "\"ref\"", "\"mimeType\"", "\"size\"");
        }
        if (order.equals(List.of("\"cid\"", "\"mimeType\""))) {
            return legacyBlob(sorted.get("\"cid\""), sorted.get("\"mimeType\""));
        }
        return "{"
                + String.join(
                        ",",
                        order.stream().map(key -> key + ":" + sorted.get(key)).toList()) + "}";
    }

    /** @param cid a link, bytes or a text, as JSON */
    private static String legacyBlob(String cid, String mimeType) {
        String text = cid;
        if (cid.startsWith("{\"$link\":")) {
            text = cid.substring(9, cid.length() - 1);
        } else if (cid.startsWith("{\"$bytes\":")) {
            text = quoted(CommitTest.text(Base64.getDecoder().decode(cid.substring(11, cid.length() - 2))));
        }
        return "{\"cid\":" + text + ",\"mimeType\":" + mimeType + "}";
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
                        json.append("\\u%04x".formatted(c));
                    } else {
                        json.append((char) c);
                    }
                }
            }
        });
        return json.append('"').toString();
    }
}
