package dev.jetstream.event;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * What a subscriber wants records to refer to. Immutable, with value equality.
 *
 * @param dids match that DID, and every at-URI of its repository
 * @param uris {@code at://DID}, {@code at://DID/COLLECTION} or {@code at://DID/COLLECTION/RKEY}: match that URI, and every URI that
 *     continues it after a slash
 */
record SubjectSet(TextSet dids, TextSet uris) {
    static SubjectSet of(Collection<String> subjects) {
        List<String> uris = subjects.stream()
                .filter(subject -> subject.startsWith(Json.URI_SCHEME))
                .toList();
        List<String> dids = subjects.stream()
                .filter(subject -> !subject.startsWith(Json.URI_SCHEME))
                .toList();
        return new SubjectSet(TextSet.of(dids), TextSet.of(uris));
    }

    boolean isEmpty() {
        return dids.isEmpty() && uris.isEmpty();
    }

    long bytes() {
        return dids.bytes() + uris.bytes();
    }

    /** The commits that refer to one of these. Not to be changed. */
    BitSet in(RecordIndex records) {
        if (uris.isEmpty()) {
            return records.dids().of(dids);
        }
        BitSet byUri = records.uris().of(uris);
        if (dids.isEmpty()) {
            return byUri;
        }
        BitSet either = (BitSet) byUri.clone();
        either.or(records.dids().of(dids));
        return either;
    }
}
