package dev.jetstream.app;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;

/**
 * What {@code /status} says, as it is rendered: keys are the components' names in snake_case, and a null is left out.
 *
 * @param startedAt RFC 3339
 * @param ready whether {@code /readyz} answers 200
 * @param readiness its lines
 * @param connections null unless the operator shows them
 * @param timeUs unix microseconds of this report, by the server's clock
 */
record StatusReport(
        String version,
        String startedAt,
        long uptimeSeconds,
        long timeUs,
        boolean ready,
        List<String> readiness,
        Upstream upstream,
        JournalWindow journal,
        Events events,
        List<Collection> collections,
        Map<String, Integer> subscribers,
        Connections connections) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    /**
     * The relay's connection.
     *
     * @param relay its URL without query and user
     * @param secondsSinceLastFrame null before the first frame
     * @param lagSeconds from the last frame's own time to its being processed; null before the first frame
     * @param lastError null when there was none
     */
    record Upstream(
            String relay,
            boolean connected,
            Double secondsSinceLastFrame,
            Double lagSeconds,
            long reconnects,
            String lastError) {}

    /**
     * What can be replayed.
     *
     * @param reason why it is not writable; null when it is
     * @param oldestTimeUs unix microseconds; null when the journal is empty
     * @param newestTimeUs likewise
     * @param bytes on disk
     */
    record JournalWindow(
            boolean writable, String reason, Long oldestTimeUs, Long newestTimeUs, long blocks, long bytes) {}

    /**
     * The stream.
     *
     * @param total since the start
     * @param perSecond in the last full second
     * @param history events a second, one point for each of the last seconds, oldest first
     */
    record Events(long total, long perSecond, long[] history) {}

    /**
     * A collection that flows.
     *
     * @param ops since the start
     */
    record Collection(String name, long ops) {}

    /**
     * The subscribers one by one.
     *
     * @param list the furthest behind first
     * @param leftOut how many more there are than are listed
     */
    record Connections(List<Connection> list, int leftOut) {}

    /**
     * One subscriber, as of some seconds ago at most.
     *
     * @param collections how many it asks for; 0: all
     * @param dids likewise
     * @param since RFC 3339
     */
    record Connection(
            String address,
            String state,
            int collections,
            int dids,
            long behindEvents,
            long sentEvents,
            String since) {}

    String json() {
        try {
            return MAPPER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
