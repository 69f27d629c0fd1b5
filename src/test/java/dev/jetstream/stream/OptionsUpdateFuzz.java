package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import dev.jetstream.fuzz.FuzzTarget;
import dev.jetstream.stream.EventStream.ClientMessage;
import dev.jetstream.websocket.CloseFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;

/**
 * A client's text message. What is no JSON by Jackson's tree is refused with 1007; an update is what the tree says, and what is
 * refused has a code and a sentence.
 */
public final class OptionsUpdateFuzz implements FuzzTarget {
    /** A tree of more than this takes longer than it may. */
    private static final int MAX_COMPARED = 1_000_000;

    private static final JsonMapper TREES = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonFactory SYNTAX = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    @Override
    public String take(byte[] input) throws IOException {
        // The transport hands on UTF-8 only.
        byte[] utf8 = new String(input, UTF_8).getBytes(UTF_8);
        ClientMessage update = OptionsUpdateReader.read(utf8, EnumSet.allOf(EventKind.class));
        if (update instanceof ClientMessage.Refused refused) {
            boolean fits = refused.code() == CloseFrame.BAD_DATA
                    ? refused.reason().startsWith("invalid message: ")
                            || refused.reason().equals("message is not JSON")
                    : refused.code() == CloseFrame.POLICY_VIOLATION
                            && refused.reason().startsWith("invalid subscriber options: ");
            check(fits, refused.toString());
            return refused.reason().replaceFirst("(?s)(.*?: .*?)[:].*", "$1");
        }
        check(isJson(utf8), "taken though it is no JSON");
        if (update instanceof ClientMessage.Update replacement) {
            if (utf8.length < MAX_COMPARED) {
                compare(replacement.filter(), utf8);
            }
            return GOOD;
        }
        return "ignored";
    }

    private static boolean isJson(byte[] utf8) throws IOException {
        try (JsonParser json = SYNTAX.createParser(utf8)) {
            int roots = 0;
            while (json.nextToken() != null) {
                json.skipChildren();
                roots++;
            }
            return roots == 1;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static void compare(Filter filter, byte[] utf8) throws IOException {
        JsonNode message;
        try {
            message = TREES.readTree(utf8);
        } catch (JsonProcessingException e) {
            return; // A key twice: the last one counts, which a tree does not show whatever the case of the two.
        }
        List<JsonNode> payloads = fields(message, "payload");
        if (payloads.size() > 1 || fields(message, "type").size() > 1) {
            return;
        }
        JsonNode payload = payloads.get(0);
        List<JsonNode> collections = fields(payload, "wantedCollections");
        List<JsonNode> dids = fields(payload, "wantedDids");
        if (collections.size() < 2
                && dids.size() < 2
                && fields(payload, "maxSize").isEmpty()
                && fields(payload, "maxMessageSizeBytes").size() < 2) {
            long most = fields(payload, "maxMessageSizeBytes").stream()
                    .mapToLong(node -> node.canConvertToLong() ? node.longValue() : 0)
                    .findFirst()
                    .orElse(0);
            Filter meant = new Filter(texts(collections), texts(dids), most <= 0 || most > 0xFFFF_FFFFL ? 0 : most);
            check(filter.equals(meant), filter + " in place of " + meant);
        }
    }

    private static List<JsonNode> fields(JsonNode object, String name) {
        List<JsonNode> found = new ArrayList<>();
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String key = names.next();
            if (key.equalsIgnoreCase(name)) {
                found.add(object.get(key));
            }
        }
        return found;
    }

    private static List<String> texts(List<JsonNode> lists) {
        List<String> texts = new ArrayList<>();
        lists.forEach(list -> list.forEach(item -> {
            if (!texts.contains(item.textValue())) {
                texts.add(item.textValue());
            }
        }));
        return texts;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    @Override
    public List<byte[]> seeds() {
        String start = "{\"type\":\"options_update\",\"payload\":";
        return FuzzTarget.texts(
                start + "{}}",
                start + "null}",
                start
                        + "{\"wantedCollections\":[\"app.bsky.writer.post\",\"app.bsky.graph.*\"],\"wantedDids\":[\"did:plc:ewvi7nxzyoun6zhxrhs64oiz\"],"
                        + "\"maxMessageSizeBytes\":1000000}}",
                start
                        + "{\"WANTEDdids\":[],\"wantedcollections\":null,\"other\":{\"a\":[1,2.5e3,true]}},\"more\":[{}]}");
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.texts(
                "\"wantedCollections\":",
                "\"wantedDids\":",
                "\"maxMessageSizeBytes\":",
                "\"payload\":",
                "\"type\":",
                "\"options_update\"",
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "null",
                "true",
                "1e400",
                "-0",
                "9223372036854775808",
                "\"app.bsky.*\"",
                "\"did:plc:x\"",
                "\\u0000",
                "\\ud800",
                "\"",
                " ");
    }
}
