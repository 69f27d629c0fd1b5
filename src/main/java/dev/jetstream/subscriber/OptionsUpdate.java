package dev.jetstream.subscriber;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.jetstream.websocket.CloseFrame;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

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
        } catch (TooLong e) {
            return new Refused(CloseFrame.POLICY_VIOLATION, "invalid subscriber options: " + e.getMessage());
        } catch (IOException e) {
            return new Refused(CloseFrame.BAD_DATA, "message is not JSON");
        }
    }

    /** A wish of more characters than any good one has: it is not read on. */
    final class TooLong extends IOException {
        private static final long serialVersionUID = 1;

        private TooLong(String name) {
            super(name + " has a text of more than " + Reading.MAX_CHARACTERS + " characters");
        }
    }

    /** The reader's steps. */
    final class Reading {
        /** More than a DID, a collection or a type has; what nobody looks at may be longer. */
        private static final int MAX_CHARACTERS = 65_536;

        /** Names are not remembered: a message of nothing but new ones would cost a second. */
        private static final JsonFactory FACTORY = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(MAX_CHARACTERS)
                        .maxNestingDepth(1_000)
                        .build())
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();

        private Reading() {}

        private static OptionsUpdate message(JsonParser json) throws IOException {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                if (json.currentToken() == null) {
                    return notJson();
                }
                boolean isNull = json.currentToken() == JsonToken.VALUE_NULL;
                json.skipChildren();
                if (json.nextToken() != null) {
                    return notJson();
                }
                return isNull ? new Ignored() : wrongShape("message is not an object");
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
            Payload wishes = new Payload();
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return checked(wishes);
            }
            if (json.currentToken() != JsonToken.START_OBJECT) {
                json.skipChildren();
                return wrongShape("payload is not an object");
            }
            OptionsUpdate wrong = null;
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String key = json.currentName();
                json.nextToken();
                String flaw = wishes.read(key, json);
                wrong = flaw == null ? wrong : wrongShape(flaw);
            }
            return wrong != null ? wrong : checked(wishes);
        }

        private static OptionsUpdate checked(Wishes wishes) {
            Options options = Options.check(wishes);
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

    /** The wishes of one message. Of a wish that is written twice, the last one counts. */
    final class Payload implements Wishes {
        /** One more of different texts than any list may have: with that many, it is refused. */
        private static final int MAX_TEXTS = Options.MAX_DIDS + 1;

        private final Map<String, Set<String>> lists = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();

        private Payload() {}

        @Override
        public Set<String> list(String name) {
            return lists.getOrDefault(name, Set.of());
        }

        @Override
        public OptionalLong number(String name) {
            Long number = numbers.get(name);
            return number == null ? OptionalLong.empty() : OptionalLong.of(number);
        }

        /**
         * Reads the value of a key to its end.
         *
         * @return what is wrong with it; null when nothing is
         */
        private String read(String key, JsonParser json) throws IOException {
            for (String name : LISTS) {
                if (key.equalsIgnoreCase(name)) {
                    return readList(name, json);
                }
            }
            for (String name : NUMBERS) {
                if (key.equalsIgnoreCase(name)) {
                    return readNumber(name, json);
                }
            }
            json.skipChildren();
            return null;
        }

        private String readList(String name, JsonParser json) throws IOException {
            Set<String> texts = new LinkedHashSet<>();
            lists.put(name, texts);
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return null;
            }
            String flaw = name + " is not a list of strings";
            if (json.currentToken() != JsonToken.START_ARRAY) {
                json.skipChildren();
                return flaw;
            }
            boolean good = true;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    String text = text(name, json);
                    if (texts.size() < MAX_TEXTS) {
                        texts.add(text);
                    }
                } else {
                    good = false;
                    json.skipChildren();
                }
            }
            return good ? null : flaw;
        }

        private static String text(String name, JsonParser json) throws IOException {
            try {
                return json.getText();
            } catch (StreamConstraintsException e) {
                throw new TooLong(name);
            }
        }

        private String readNumber(String name, JsonParser json) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                boolean fits = json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
                numbers.put(name, fits ? json.getLongValue() : 0);
                return null;
            }
            boolean isNull = json.currentToken() == JsonToken.VALUE_NULL;
            json.skipChildren();
            return isNull ? null : name + " is not a whole number";
        }
    }
}
