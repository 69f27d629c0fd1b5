package dev.jetstream.stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.jetstream.event.EventKind;
import dev.jetstream.stream.EventStream.ClientMessage;
import dev.jetstream.stream.EventStream.ClientMessage.Ignored;
import dev.jetstream.stream.EventStream.ClientMessage.Refused;
import dev.jetstream.stream.EventStream.ClientMessage.Update;
import dev.jetstream.websocket.CloseFrame;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a client's {@code options_update}. Keys match in any case; unknown keys and types are ignored. The message is read as a
 * stream of tokens, so a large one is never held as a tree.
 */
final class OptionsUpdateReader {
    /** More characters than a DID, a collection or a type has; texts that are skipped may be longer. */
    private static final int MAX_CHARACTERS = 65_536;

    /** Names are not remembered: a message full of new names would take a second. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_CHARACTERS)
                    .maxNestingDepth(1_000)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final JsonParser json;
    private final Set<EventKind> kinds;

    private OptionsUpdateReader(JsonParser json, Set<EventKind> kinds) {
        this.json = json;
        this.kinds = kinds;
    }

    /**
     * Reads a message: valid UTF-8, of a size that the transport has bounded.
     *
     * @param kinds that the stream shows
     */
    static ClientMessage read(byte[] utf8, Set<EventKind> kinds) {
        try (JsonParser json = FACTORY.createParser(utf8)) {
            return new OptionsUpdateReader(json, kinds).message();
        } catch (TooLong e) {
            return new Refused(CloseFrame.POLICY_VIOLATION, "invalid subscriber options: " + e.getMessage());
        } catch (IOException e) {
            return new Refused(CloseFrame.BAD_DATA, "message is not JSON");
        }
    }

    /** A text of more characters than any valid one has: reading stops there. */
    private static final class TooLong extends IOException {
        private static final long serialVersionUID = 1;

        TooLong(String name) {
            super(name + " has a text of more than " + MAX_CHARACTERS + " characters");
        }
    }

    private ClientMessage message() throws IOException {
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
        ClientMessage payload = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            if (key.equalsIgnoreCase("type")) {
                if (json.currentToken() != JsonToken.VALUE_STRING) {
                    return drained(wrongShape("type is not a string"));
                }
                type = json.getText();
            } else if (key.equalsIgnoreCase("payload")) {
                payload = payload();
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

    /** The answer to the first mistake, unless what follows is not JSON. */
    private ClientMessage drained(ClientMessage answer) throws IOException {
        while (json.nextToken() != null) {
            // Only the syntax matters.
        }
        return answer;
    }

    private ClientMessage payload() throws IOException {
        Payload options = new Payload();
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return checked(options);
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return wrongShape("payload is not an object");
        }
        ClientMessage wrong = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            String flaw = options.read(key, json);
            wrong = flaw == null ? wrong : wrongShape(flaw);
        }
        return wrong != null ? wrong : checked(options);
    }

    private ClientMessage checked(Payload options) {
        FilterOptions checked = FilterOptions.check(kinds, options::list, options::number);
        return checked instanceof FilterOptions.Invalid invalid
                ? new Refused(CloseFrame.POLICY_VIOLATION, invalid.text())
                : new Update(((FilterOptions.Valid) checked).filter());
    }

    private static ClientMessage wrongShape(String what) {
        return new Refused(CloseFrame.BAD_DATA, "invalid message: " + what);
    }

    private static ClientMessage notJson() {
        return new Refused(CloseFrame.BAD_DATA, "message is not JSON");
    }

    /** The options of one message. If an option is repeated, the last one counts. */
    private static final class Payload {
        /** One more distinct text than any list may have, which is enough to refuse it. */
        private static final int MAX_TEXTS = FilterOptions.MAX_DIDS + 1;

        private final Map<String, Set<String>> lists = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();

        Set<String> list(String name) {
            return lists.getOrDefault(name, Set.of());
        }

        OptionalLong number(String name) {
            Long number = numbers.get(name);
            return number == null ? OptionalLong.empty() : OptionalLong.of(number);
        }

        /**
         * Reads the value of a key to its end.
         *
         * @return what is wrong with it; null when nothing is
         */
        String read(String key, JsonParser json) throws IOException {
            for (List<String> names : List.of(FilterOptions.V1_LISTS, FilterOptions.OWN_LISTS)) {
                for (String name : names) {
                    if (key.equalsIgnoreCase(name)) {
                        return readList(name, json);
                    }
                }
            }
            for (String name : FilterOptions.NUMBERS) {
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
