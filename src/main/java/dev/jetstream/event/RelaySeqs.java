package dev.jetstream.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The upstream position: for each relay, the seq of the last frame that is in a block or was skipped. Immutable, with value
 * equality. Only the sequencer, the journal's codec and the relay's session read its entries.
 *
 * @param all one entry per relay, in order of arrival; usually one
 */
public record RelaySeqs(List<Entry> all) {
    /** Nothing is covered. */
    public static final RelaySeqs NONE = new RelaySeqs(List.of());

    /**
     * The position at one relay.
     *
     * @param relay as the journal names it
     * @param seq its last seq; -1: none
     */
    public record Entry(String relay, long seq) {}

    public RelaySeqs {
        all = List.copyOf(all);
    }

    /** One relay. */
    public static RelaySeqs of(String relay, long seq) {
        return new RelaySeqs(List.of(new Entry(relay, seq)));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** A relay's last seq, -1 for none; empty if nothing is known of that relay. */
    public OptionalLong lastOf(String relay) {
        return all.stream()
                .filter(entry -> entry.relay().equals(relay))
                .mapToLong(Entry::seq)
                .findFirst();
    }

    /** The same, but with this seq as the relay's last. */
    public RelaySeqs with(String relay, long seq) {
        Entry now = new Entry(relay, seq);
        List<Entry> changed = new ArrayList<>(all);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).relay().equals(relay)) {
                changed.set(i, now);
                return new RelaySeqs(changed);
            }
        }
        changed.add(now);
        return new RelaySeqs(changed);
    }

    /** Without the relays that are not named. */
    public RelaySeqs only(Collection<String> relays) {
        return new RelaySeqs(
                all.stream().filter(entry -> relays.contains(entry.relay())).toList());
    }

    /** The seqs for a log, {@code -1} for none. */
    public String seqs() {
        return isEmpty()
                ? "-1"
                : all.stream().map(entry -> Long.toString(entry.seq())).collect(Collectors.joining(","));
    }
}
