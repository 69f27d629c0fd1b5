package dev.jetstream.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Objects;

/**
 * An event as the server sent it: one line of JSON of which only the time is parsed.
 *
 * @param timeUs unix microseconds by the server's clock; the cursor that resumes at this event
 * @param json the message, byte for byte when encoded as UTF-8
 */
public record EventLine(long timeUs, String json) {
    /** "No such time": an event's time is positive. */
    static final long NO_TIME = -1;

    private static final String START = "{\"did\":\"";
    private static final String KEY = "\",\"time_us\":";
    private static final int MAX_DIGITS = 18;
    private static final JsonFactory JSON = new JsonFactory();

    public EventLine {
        Objects.requireNonNull(json, "json");
    }

    /**
     * Finds the {@code time_us} of a line without parsing the rest of it: every known server starts a line with
     * {@code {"did":"...","time_us":N,…}}; other lines go through a streaming parse of the top level.
     *
     * @return the time, above 0, or {@link #NO_TIME} when the line has none, or is truncated or not JSON before it
     */
    static long timeUsOf(String line) {
        long time = quick(line);
        return time > 0 ? time : slow(line);
    }

    private static long quick(String line) {
        if (!line.startsWith(START)) {
            return NO_TIME;
        }
        int end = line.indexOf('"', START.length());
        if (end < 0 || !line.startsWith(KEY, end) || line.charAt(end - 1) == '\\') {
            return NO_TIME;
        }
        int from = end + KEY.length();
        int limit = Math.min(line.length(), from + MAX_DIGITS);
        long time = 0;
        int at = from;
        for (; at < limit; at++) {
            int digit = line.charAt(at) - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            time = time * 10 + digit;
        }
        return at > from && at < line.length() && line.charAt(at) == ',' ? time : NO_TIME;
    }

    private static long slow(String line) {
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return NO_TIME;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("time_us");
                JsonToken value = parser.nextToken();
                if (found) {
                    return value == JsonToken.VALUE_NUMBER_INT && parser.getLongValue() > 0
                            ? parser.getLongValue()
                            : NO_TIME;
                }
                parser.skipChildren();
            }
            return NO_TIME;
        } catch (IOException e) {
            return NO_TIME;
        }
    }
}
