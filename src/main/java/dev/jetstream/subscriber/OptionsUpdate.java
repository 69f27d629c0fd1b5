package dev.jetstream.subscriber;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.jetstream.websocket.CloseFrame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client's text message asks for: new wishes, nothing, or to be closed.
 *
 * <p>Keys match whatever their case; unknown keys and types are ignored. It is read as a stream, so that a large message costs
 * no tree.
 */
sealed interface OptionsUpdate {
    /** New wishes that replace all the old ones. */
    record Update(Options.Valid options) implements OptionsUpdate {}

    /** A message of an unknown type, or of none. */
    record Ignored() implements OptionsUpdate {}

    /** A message that ends the connection. */
    record Refused(int code, String reason) implements OptionsUpdate {}

    /** Reads a message: valid UTF-8, of a size that the transport has bounded. */
    static OptionsUpdate read(byte[] utf8) {
        try (JsonParser json = Reading.FACTORY.createParser(utf8)) {
            return Reading.message(json);
        } catch (IOException e) {
            return new Refused(CloseFrame.BAD_DATA, "message is not JSON");
        }
    }

    /** The reader's steps. */
    final class Reading {
        private static final JsonFactory FACTORY = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(10_000_000)
                        .maxNestingDepth(1_000)
                        .build())
                .build();

        private Reading() {}

        private static OptionsUpdate message(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                if (json.currentToken() == null) {
                    return notJson();
                }
                boolean isNull = json.currentToken() == JsonToken.VALUE_NULL;
                return drained(json, isNull ? new Ignored() : wrongShape("message is not an object"));
            }
            String type = null;
            OptionsUpdate payload = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                json.nextToken();
                if (key.equalsIgnoreCase("type")) {
                    if (json.currentToken() != JsonToken.VALUE_STRING) {
                        return drained(json, wrongShape("type is not a string"));
                    }
                    type = json.getText();
                } else if (key.equalsIgnoreCase("payload")) {
                    payload = payload(json);
                } else {
                    json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                return notJson();
            }
            if (!"options_update".equals(type)) {
                return new Ignored();
            }
            return payload == null ? wrongShape("payload is missing") : payload;
        }

        /** The answer to the first mistake, unless what follows is no JSON at all. */
        private static OptionsUpdate drained(JsonParser json, OptionsUpdate answer) throws IOException {
            while (json.nextToken() != null) {
                // Only the syntax counts.
            }
            return answer;
        }

        private static OptionsUpdate payload(JsonParser json) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return checked(List.of(), List.of(), 0);
            }
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                return wrongShape("payload is not an object");
            }
            List<String> collections = new ArrayList<>();
            List<String> dids = new ArrayList<>();
            long maxBytes = 0;
            OptionsUpdate wrong = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                json.nextToken();
                if (key.equalsIgnoreCase("wantedCollections")) {
                    wrong = strings(json, "wantedCollections", collections, wrong);
                } else if (key.equalsIgnoreCase("wantedDids")) {
                    wrong = strings(json, "wantedDids", dids, wrong);
                } else if (key.equalsIgnoreCase("maxMessageSizeBytes")) {
                    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                        maxBytes = wholeNumber(json);
                    } else if (json.currentToken() != JsonToken.VALUE_NULL) {
                        wrong = wrongShape("maxMessageSizeBytes is not a whole number");
                        json.skipChildren();
                    }
                } else {
                    json.skipChildren();
                }
            }
            return wrong != null ? wrong : checked(collections, dids, maxBytes);
        }

        private static long wholeNumber(JsonParser json) throws IOException {
            return json.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? 0 : json.getLongValue();
        }

        private static OptionsUpdate strings(JsonParser json, String key, List<String> into, OptionsUpdate wrong)
                throws IOException {
            into.clear();
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return wrong;
            }
            if (json.currentToken() != JsonToken.START_ARRAY) {
                json.skipChildren();
                return wrongShape(key + " is not a list of strings");
            }
            OptionsUpdate found = wrong;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    into.add(json.getText());
                } else {
                    found = wrongShape(key + " is not a list of strings");
                    json.skipChildren();
                }
            }
            return found;
        }

        private static OptionsUpdate checked(List<String> collections, List<String> dids, long maxBytes) {
            Options options = Options.check(collections, dids, maxBytes);
            if (options instanceof Options.Invalid invalid) {
                return new Refused(CloseFrame.POLICY_VIOLATION, invalid.text());
            }
            return new Update((Options.Valid) options);
        }

        private static OptionsUpdate wrongShape(String what) {
            return new Refused(CloseFrame.BAD_DATA, "invalid message: " + what);
        }

        private static OptionsUpdate notJson() {
            return new Refused(CloseFrame.BAD_DATA, "message is not JSON");
        }
    }
}
