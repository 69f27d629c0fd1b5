package dev.jetstream.subscriber;

import java.util.Locale;

/**
 * How one subscriber fares, as of its last look at the clock.
 *
 * @param client its address
 * @param state in lower case
 * @param collections how many it asks for; 0: all
 * @param dids likewise
 * @param behindEvents between its position and the tip, those that its filter keeps back too
 * @param sentEvents since it came
 * @param sinceUs when it came, unix microseconds
 */
public record ConnectionReport(
        String client, String state, int collections, int dids, long behindEvents, long sentEvents, long sinceUs) {
    static String label(Enum<?> state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
