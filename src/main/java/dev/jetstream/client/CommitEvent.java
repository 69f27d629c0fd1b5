package dev.jetstream.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A record was created, updated or deleted.
 *
 * @param rev the revision of the repository, a TID
 * @param collection the NSID of the record's collection
 * @param record the record; null for a delete
 * @param cid the record's CID; null for a delete
 */
public record CommitEvent(
        String did,
        long timeUs,
        String rev,
        Operation operation,
        String collection,
        String rkey,
        @Nullable JsonNode record,
        @Nullable String cid,
        String json)
        implements JetstreamEvent {

    /** What a commit did to a record. */
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE
    }

    /** The record's address: {@code at://DID/COLLECTION/RKEY}. */
    public String uri() {
        return "at://" + did + "/" + collection + "/" + rkey;
    }
}
