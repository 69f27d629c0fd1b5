package dev.jetstream.relay;

import java.util.LinkedHashMap;
import java.util.Map;

/** References to blobs (atproto, "Blob Type"), today's shape and the legacy one. */
final class Blobs {
    private static final int MAX_SIZE = 1_000_000;

    private Blobs() {}

    static Map<String, Object> blob(Rng rng, String mimeType) {
        Map<String, Object> blob = new LinkedHashMap<>();
        blob.put("$type", "blob");
        blob.put("ref", Cid.ofBlob(rng.bytes(32)));
        blob.put("mimeType", mimeType);
        blob.put("size", rng.between(1, MAX_SIZE));
        return blob;
    }

    static Map<String, Object> legacy(Rng rng, String mimeType) {
        return Map.of("cid", Cid.ofBlob(rng.bytes(32)).toString(), "mimeType", mimeType);
    }
}
