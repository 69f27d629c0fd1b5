package dev.jetstream.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jetstream.relay.V1Lines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A client that people use, unmodified, in a script that prints what it gets. */
enum PublicClient {
    /** Hands on parsed events. */
    SKYWARE(ClientRuntime.NODE, "skyware.mjs", false),
    /** As above. It refuses an identity without a handle. */
    ATCUTE(ClientRuntime.NODE, "atcute.mjs", false),
    /** Hands on the messages themselves, and can be given a dictionary. */
    WS(ClientRuntime.NODE, "plain.mjs", true),
    /** As above. */
    WEBSOCKETS(ClientRuntime.PYTHON, "plain.py", true);

    private static final ObjectMapper JSON = new ObjectMapper();

    final ClientRuntime runtime;
    final String script;
    private final boolean isPlain;

    PublicClient(ClientRuntime runtime, String script, boolean isPlain) {
        this.runtime = runtime;
        this.script = script;
        this.isPlain = isPlain;
    }

    /** Whether what it prints is an event. */
    static boolean isEvent(String line) {
        return line.startsWith("{");
    }

    /** An event's time. */
    static long time(String line) {
        return parse(line).path("time_us").asLong();
    }

    /** What it must have been handed of these messages, in order and without their times. */
    List<Object> due(List<String> messages) {
        return messages.stream()
                .filter(line ->
                        this != ATCUTE || !line.contains("\"kind\":\"identity\"") || line.contains("\"handle\":"))
                .map(this::withoutTime)
                .toList();
    }

    /** An event to compare: by its bytes, or as JavaScript reads it, whose numbers are doubles. */
    Object withoutTime(String line) {
        return isPlain ? V1Lines.withoutTime(line) : asDoubles(((ObjectNode) parse(line)).put("time_us", 0));
    }

    private static JsonNode asDoubles(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> object.replace(name, asDoubles(object.get(name))));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, asDoubles(array.get(i)));
            }
        } else if (node.isNumber()) {
            return DoubleNode.valueOf(node.doubleValue());
        }
        return node;
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
