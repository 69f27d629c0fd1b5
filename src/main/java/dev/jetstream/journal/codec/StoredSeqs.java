package dev.jetstream.journal.codec;

import dev.jetstream.event.RelaySeqs;
import java.util.List;

/**
 * How {@link RelaySeqs} stand in a journaled block.
 *
 * <pre>
 *   header, every version   seq of the first relay + 1
 *   body, every version     name of the first relay: varint bytes, UTF-8; empty: there is none
 *   body, from version 2    varint how many further relays; each: varint bytes, UTF-8, and varint seq + 1
 * </pre>
 *
 * A block is of version 2 only when it has further relays.
 */
final class StoredSeqs {
    private static final int VERSION_OF_ONE = 1;
    private static final int VERSION_OF_MORE = 2;
    private static final int MAX_RELAY_BYTES = 1 << 16;
    private static final int MAX_FURTHER = 100;
    private static final RelaySeqs.Entry NOBODY = new RelaySeqs.Entry("", -1);

    private StoredSeqs() {}

    /** The version that a block has to be of. */
    static int version(RelaySeqs seqs) {
        return seqs.all().size() > 1 ? VERSION_OF_MORE : VERSION_OF_ONE;
    }

    /** What the header carries; -1: none. */
    static long inHeader(RelaySeqs seqs) {
        return first(seqs).seq();
    }

    private static RelaySeqs.Entry first(RelaySeqs seqs) {
        return seqs.isEmpty() ? NOBODY : seqs.all().get(0);
    }

    /**
     * Writes what the body carries.
     *
     * @throws IllegalArgumentException if there are more than 101 relays
     */
    static void write(RelaySeqs seqs, ByteWriter body) {
        body.putText(first(seqs).relay());
        if (version(seqs) >= VERSION_OF_MORE) {
            List<RelaySeqs.Entry> further = seqs.all().subList(1, seqs.all().size());
            if (further.size() > MAX_FURTHER) {
                throw new IllegalArgumentException(
                        "too many relays to journal: " + seqs.all().size());
            }
            body.putVarint(further.size());
            for (RelaySeqs.Entry entry : further) {
                body.putText(entry.relay());
                body.putVarint(entry.seq() + 1);
            }
        }
    }

    /** Reads what {@link #write} wrote; what comes of damaged bytes is of no use, and the reader says so. */
    static RelaySeqs read(BlockHeader header, ByteReader body) {
        String relay = body.text(MAX_RELAY_BYTES);
        RelaySeqs seqs = relay.isEmpty() ? RelaySeqs.NONE : RelaySeqs.of(relay, header.upstreamSeq());
        if (header.version() >= VERSION_OF_MORE) {
            for (int left = body.varint(MAX_FURTHER); left > 0 && !body.isBad(); left--) {
                String further = body.text(MAX_RELAY_BYTES);
                long seq = body.varint() - 1;
                seqs = further.isEmpty() ? seqs : seqs.with(further, seq);
            }
        }
        return seqs;
    }
}
