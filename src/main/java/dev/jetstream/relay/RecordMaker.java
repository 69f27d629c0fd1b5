package dev.jetstream.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes the records of all collections but posts, which are {@link PostMaker}'s. Not thread-safe. */
final class RecordMaker {
    static final String POST = "app.bsky.feed.post";
    static final String LIKE = "app.bsky.feed.like";
    static final String REPOST = "app.bsky.feed.repost";
    static final String FOLLOW = "app.bsky.graph.follow";
    static final String BLOCK = "app.bsky.graph.block";
    static final String PROFILE = "app.bsky.actor.profile";
    static final String READING = "com.example.sensor.reading";

    private static final int MAX_BLOB_BYTES = 1_000_000;
    private static final List<String> NAMES =
            List.of("Alice 🌸", "Bob O'Neil", "Çağla", "山田太郎", "<b>bold</b>", "Zoë & Max", "نور", "");

    private final Rng rng;
    private final RecentPosts recent;
    private final PostMaker posts;

    RecordMaker(Rng rng, RecentPosts recent) {
        this.rng = rng;
        this.recent = recent;
        this.posts = new PostMaker(rng, recent);
    }

    /** A collection, as often as people write to it. */
    String collection() {
        int draw = rng.below(100);
        if (draw < 55) {
            return LIKE;
        }
        if (draw < 72) {
            return POST;
        }
        if (draw < 82) {
            return FOLLOW;
        }
        if (draw < 90) {
            return REPOST;
        }
        return draw < 92 ? BLOCK : draw < 95 ? PROFILE : READING;
    }

    /** @param other another account's DID, for records that need one */
    Map<String, Object> make(String collection, String createdAt, String other) {
        return switch (collection) {
            case POST -> posts.post(createdAt, other);
            case LIKE, REPOST -> pointing(collection, recent.any(rng), createdAt);
            case FOLLOW, BLOCK -> pointing(collection, other, createdAt);
            case PROFILE -> profile(createdAt);
            case READING -> reading(createdAt);
            default -> throw new IllegalArgumentException("no records for " + collection);
        };
    }

    private Map<String, Object> pointing(String collection, Object subject, String createdAt) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("$type", collection);
        record.put("subject", subject);
        record.put("createdAt", createdAt);
        if (collection.equals(LIKE) && rng.chance(10)) {
            record.put("via", recent.any(rng));
        }
        return record;
    }

    private Map<String, Object> profile(String createdAt) {
        Map<String, Object> profile = new LinkedHashMap<>();
        profile.put("$type", PROFILE);
        profile.put("displayName", rng.pick(NAMES));
        profile.put("description", PostMaker.fragment(rng).text());
        profile.put("createdAt", createdAt);
        if (rng.chance(80)) {
            profile.put("avatar", blob(rng, "image/jpeg"));
        }
        if (rng.chance(50)) {
            profile.put("banner", rng.chance(90) ? blob(rng, "image/png") : legacyBlob(rng, "image/png"));
        }
        if (rng.chance(30)) {
            profile.put("pinnedPost", recent.any(rng));
        }
        return profile;
    }

    /** A lexicon that nobody knows, with all that the data model allows. */
    private Map<String, Object> reading(String createdAt) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("$type", READING);
        record.put("createdAt", createdAt);
        record.put("raw", rng.bytes(rng.below(48)));
        record.put("counts", List.of(0, 23, 24, -1, -24, -25, 255, 256, 65_536, rng.nextLong()));
        record.put("extremes", List.of(Long.MAX_VALUE, Long.MIN_VALUE, 9_007_199_254_740_993L, 1L << 32));
        record.put("source", Cid.ofBlob(rng.bytes(32)));
        record.put("checked", rng.chance(50));
        record.put("note", null);
        record.put("labels", oddKeys());
        record.put("tree", nested(rng.between(1, 12)));
        return record;
    }

    /** Keys whose order differs between DAG-CBOR, JSON and plain text. */
    private Map<String, Object> oddKeys() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", 1);
        map.put("a!", 2);
        map.put("a#", 3);
        map.put("aa", 4);
        map.put("<tag>", "&");
        map.put("\"quoted\"", "\\");
        map.put("line\nbreak", "\u0001");
        map.put("", "empty key");
        map.put("ключ", "\uFFFD");
        map.put("🔑", PostMaker.fragment(rng).text());
        map.put("\uFB01", new byte[0]);
        return map;
    }

    private Object nested(int depth) {
        List<Object> list = new ArrayList<>();
        list.add(Map.of());
        list.add(List.of());
        list.add(null);
        list.add(rng.chance(50));
        list.add(depth == 0 ? "leaf" : Map.of("depth", depth, "below", nested(depth - 1)));
        return list;
    }

    /** A reference to a blob (atproto, "Blob Type"). */
    static Map<String, Object> blob(Rng rng, String mimeType) {
        Map<String, Object> blob = new LinkedHashMap<>();
        blob.put("$type", "blob");
        blob.put("ref", Cid.ofBlob(rng.bytes(32)));
        blob.put("mimeType", mimeType);
        blob.put("size", rng.between(1, MAX_BLOB_BYTES));
        return blob;
    }

    /** The same in its legacy form. */
    private static Map<String, Object> legacyBlob(Rng rng, String mimeType) {
        return Map.of("cid", Cid.ofBlob(rng.bytes(32)).toString(), "mimeType", mimeType);
    }

    /** The last posts of the network, for likes, reposts and replies to point at. Bounded; not thread-safe. */
    static final class RecentPosts {
        private static final int KEPT = 1024;

        private record Post(String uri, Cid cid) {}

        private final Post[] posts = new Post[KEPT];
        private long added;

        RecentPosts(String did, String rkey, Cid cid) {
            add(did, rkey, cid);
        }

        void add(String did, String rkey, Cid cid) {
            posts[(int) (added++ % KEPT)] = new Post("at://" + did + "/app.bsky.feed.post/" + rkey, cid);
        }

        /** A strong reference ({@code com.atproto.repo.strongRef}) to one of them. */
        Map<String, Object> any(Rng rng) {
            Post post = posts[rng.below((int) Math.min(added, KEPT))];
            return Map.of("uri", post.uri, "cid", post.cid.toString());
        }
    }
}
