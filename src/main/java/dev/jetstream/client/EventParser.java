package dev.jetstream.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses a line of JSON into a typed event; stateless and thread-safe. It reads the JSON of v1 ({@code kind},
 * {@code operation}) and of v0 ({@code type} in both places).
 */
public final class EventParser {
    private static final ObjectReader READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private EventParser() {}

    /**
     * Parses one message.
     *
     * @return empty for an unknown kind, which later servers may send
     * @throws MalformedEventException when the message is not JSON, or lacks a required field
     */
    public static Optional<JetstreamEvent> parse(String json) throws MalformedEventException {
        JsonNode event = tree(json);
        Fields fields = new Fields(event, "", json);
        String did = fields.text("did");
        long timeUs = fields.integer("time_us");
        String kind = event.has("kind") ? fields.text("kind") : fields.text("type");
        return Optional.ofNullable(
                switch (kind) {
                    case "commit", "com" -> commit(fields.object("commit"), did, timeUs);
                    case "identity", "id" -> identity(fields.object("identity"), did, timeUs);
                    case "account", "acc" -> account(fields.object("account"), did, timeUs);
                    default -> null;
                });
    }

    private static JsonNode tree(String json) throws MalformedEventException {
        JsonNode tree;
        try {
            tree = READER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new MalformedEventException("not JSON: " + e.getOriginalMessage(), json);
        }
        if (!tree.isObject()) {
            throw new MalformedEventException("not a JSON object", json);
        }
        return tree;
    }

    private static CommitEvent commit(Fields commit, String did, long timeUs) throws MalformedEventException {
        String name = commit.node.has("operation") ? commit.text("operation") : commit.text("type");
        CommitEvent.Operation operation =
                switch (name) {
                    case "create", "c" -> CommitEvent.Operation.CREATE;
                    case "update", "u" -> CommitEvent.Operation.UPDATE;
                    case "delete", "d" -> CommitEvent.Operation.DELETE;
                    default -> throw commit.malformed("unknown operation " + name);
                };
        boolean delete = operation == CommitEvent.Operation.DELETE;
        return new CommitEvent(
                did,
                timeUs,
                commit.text("rev"),
                operation,
                commit.text("collection"),
                commit.text("rkey"),
                delete ? null : commit.object("record").node,
                delete ? null : commit.text("cid"),
                commit.json);
    }

    private static IdentityEvent identity(Fields identity, String did, long timeUs) throws MalformedEventException {
        return new IdentityEvent(
                did,
                timeUs,
                identity.textOrNull("handle"),
                identity.integer("seq"),
                identity.text("time"),
                identity.json);
    }

    private static AccountEvent account(Fields account, String did, long timeUs) throws MalformedEventException {
        JsonNode active = account.node.path("active");
        if (!active.isBoolean()) {
            throw account.malformed("no boolean account.active");
        }
        return new AccountEvent(
                did,
                timeUs,
                active.booleanValue(),
                account.textOrNull("status"),
                account.integer("seq"),
                account.text("time"),
                account.json);
    }

    /** An object's fields, read with errors that name them. */
    private record Fields(JsonNode node, String path, String json) {
        String text(String name) throws MalformedEventException {
            String text = textOrNull(name);
            if (text == null) {
                throw malformed("no string " + path + name);
            }
            return text;
        }

        @Nullable
        String textOrNull(String name) {
            return node.path(name).textValue();
        }

        long integer(String name) throws MalformedEventException {
            JsonNode value = node.path(name);
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                throw malformed("no whole number " + path + name);
            }
            return value.longValue();
        }

        Fields object(String name) throws MalformedEventException {
            JsonNode value = node.path(name);
            if (!value.isObject()) {
                throw malformed("no object " + path + name);
            }
            return new Fields(value, path + name + ".", json);
        }

        MalformedEventException malformed(String reason) {
            return new MalformedEventException(reason, json);
        }
    }
}
