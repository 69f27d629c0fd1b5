package dev.jetstream.app;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which collections get a metric label of their own, so that there are never more than a fixed number: the known ones
 * from the start, any other once it was seen often while there is room, the rest as {@link #OTHER}.
 *
 * <p>Being seen once is not enough: who invents names would use the room up in a second. Candidates are counted in a bounded
 * table; when that is full, all counts are halved and those that come to nothing are forgotten.
 */
final class CollectionLabels {
    /** The label of all collections without one of their own. */
    static final String OTHER = "other";

    /** Collections of Bluesky's own lexicons; they have a label before their first op. */
    static final List<String> KNOWN = List.of(
            "app.bsky.actor.profile",
            "app.bsky.actor.status",
            "app.bsky.feed.generator",
            "app.bsky.feed.like",
            "app.bsky.feed.post",
            "app.bsky.feed.postgate",
            "app.bsky.feed.repost",
            "app.bsky.feed.threadgate",
            "app.bsky.graph.block",
            "app.bsky.graph.follow",
            "app.bsky.graph.list",
            "app.bsky.graph.listblock",
            "app.bsky.graph.listitem",
            "app.bsky.graph.starterpack",
            "app.bsky.graph.verification",
            "app.bsky.labeler.service",
            "chat.bsky.actor.declaration");

    private static final int LONGEST_LABEL = 128;

    private final int mostLabels;
    private final int mostCandidates;
    private final long opsToEarnLabel;
    private final Set<String> labels = new HashSet<>(KNOWN);
    private final Map<String, Long> candidates = new HashMap<>();

    /**
     * @param mostLabels labels that there may be, {@link #OTHER} not counted
     * @param mostCandidates names that are counted at the same time
     * @param opsToEarnLabel ops of a collection before it gets a label
     */
    CollectionLabels(int mostLabels, int mostCandidates, long opsToEarnLabel) {
        this.mostLabels = mostLabels;
        this.mostCandidates = mostCandidates;
        this.opsToEarnLabel = opsToEarnLabel;
    }

    /** The label under which {@code ops} more ops of a collection are counted. Any thread. */
    synchronized String label(String collection, long ops) {
        if (labels.contains(collection)) {
            return collection;
        }
        if (labels.size() >= mostLabels || !isPrintable(collection)) {
            return OTHER;
        }
        long seen = candidates.merge(collection, ops, Long::sum);
        if (seen >= opsToEarnLabel) {
            candidates.remove(collection);
            labels.add(collection);
            return collection;
        }
        if (candidates.size() > mostCandidates) {
            candidates.replaceAll((name, count) -> count / 2);
            candidates.values().removeIf(count -> count == 0);
            if (candidates.size() > mostCandidates) {
                candidates.clear();
            }
        }
        return OTHER;
    }

    /** The exporter escapes no quotes, so only what an NSID may hold gets through. */
    private static boolean isPrintable(String collection) {
        if (collection.isEmpty() || collection.length() > LONGEST_LABEL) {
            return false;
        }
        return collection
                .chars()
                .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_'));
    }
}
