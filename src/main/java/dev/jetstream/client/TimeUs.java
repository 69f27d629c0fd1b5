package dev.jetstream.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * Finds the {@code time_us} of a line without parsing the rest of it.
 *
 * <p>Every known server starts a line with {@code {"did":"...","time_us":N,…}}, so that is looked for first; a streaming parse of
 * the top level serves the lines that come otherwise.
 */
final class TimeUs {
    /** "No such number": an event's time is positive. */
    static final long MISSING = -1;

    private static final String START = "{\"did\":\"";
    private static final String KEY = "\",\"time_us\":";
    private static final int MAX_DIGITS = 18;
    private static final JsonFactory JSON = new JsonFactory();

    private TimeUs() {}

    /** The event's time, above 0, or {@link #MISSING} where the line has none, or is cut off or not JSON before it. */
    static long of(String line) {
        long time = quick(line);
        return time > 0 ? time : slow(line);
    }

    private static long quick(String line) {
        if (!line.startsWith(START)) {
            return MISSING;
        }
        int end = line.indexOf('"', START.length());
        if (end < 0 || !line.startsWith(KEY, end) || line.charAt(end - 1) == '\\') {
            return MISSING;
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
        return at > from && at < line.length() && line.charAt(at) == ',' ? time : MISSING;
    }

    private static long slow(String line) {
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return MISSING;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("time_us");
                JsonToken value = parser.nextToken();
                if (found) {
                    return value == JsonToken.VALUE_NUMBER_INT && parser.getLongValue() > 0
                            ? parser.getLongValue()
                            : MISSING;
                }
                parser.skipChildren();
            }
            return MISSING;
        } catch (IOException e) {
            return MISSING;
        }
    }
}
