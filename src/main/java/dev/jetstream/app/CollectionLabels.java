package dev.jetstream.app;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives at most a fixed number of collections a metric label of their own: the known ones from the start, others once they were
 * seen often, the rest {@link #OTHER}. Candidates are counted in a bounded table, so invented names cannot use up the labels; when
 * it is full, all counts are halved and zeros removed.
 */
final class CollectionLabels {
    /** The label of all collections without one of their own. */
    static final String OTHER = "other";

    /** Collections of Bluesky's own lexicons, which have a label before their first op. */
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

    private static final int MAX_LABEL_CHARS = 128;

    private final int maxLabels;
    private final int maxCandidates;
    private final long opsToEarnLabel;
    private final Set<String> labels = new HashSet<>(KNOWN);
    private final Map<String, Long> candidates = new HashMap<>();

    /**
     * @param maxLabels maximum number of labels, without {@link #OTHER}
     * @param maxCandidates names counted at a time
     * @param opsToEarnLabel ops of a collection before it gets a label
     */
    CollectionLabels(int maxLabels, int maxCandidates, long opsToEarnLabel) {
        this.maxLabels = maxLabels;
        this.maxCandidates = maxCandidates;
        this.opsToEarnLabel = opsToEarnLabel;
    }

    /** The label under which {@code ops} more ops of a collection are counted. Any thread. */
    synchronized String label(String collection, long ops) {
        if (labels.contains(collection)) {
            return collection;
        }
        if (labels.size() >= maxLabels || !isPrintable(collection)) {
            return OTHER;
        }
        long seen = candidates.merge(collection, ops, Long::sum);
        if (seen >= opsToEarnLabel) {
            candidates.remove(collection);
            labels.add(collection);
            return collection;
        }
        if (candidates.size() > maxCandidates) {
            candidates.replaceAll((name, count) -> count / 2);
            candidates.values().removeIf(count -> count == 0);
            if (candidates.size() > maxCandidates) {
                candidates.clear();
            }
        }
        return OTHER;
    }

    /** Allows only the characters of an NSID: the exporter does not escape quotes. */
    private static boolean isPrintable(String collection) {
        if (collection.isEmpty() || collection.length() > MAX_LABEL_CHARS) {
            return false;
        }
        return collection
                .chars()
                .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_'));
    }
}
