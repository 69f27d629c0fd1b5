package dev.jetstream.http;

import dev.jetstream.net.RequestHead;
import java.util.List;
import java.util.Locale;

/**
 * A request's header fields by name, as they were sent: Pekko HTTP keeps only the first {@code Connection} of several, and writes
 * known ones anew.
 */
record Headers(RequestHead head) {
    /** The value of the first field of this name; empty where there is none. */
    String first(String lowerCaseName) {
        return all(lowerCaseName).stream().findFirst().orElse("");
    }

    /** The values of all fields of this name, in order. */
    List<String> all(String lowerCaseName) {
        return head.values(lowerCaseName);
    }

    /** Whether a comma-separated list holds a token, whatever its case. */
    boolean hasToken(String lowerCaseName, String lowerCaseToken) {
        for (String value : all(lowerCaseName)) {
            for (String token : value.split(",")) {
                if (token.strip().toLowerCase(Locale.ROOT).equals(lowerCaseToken)) {
                    return true;
                }
            }
        }
        return false;
    }
}
