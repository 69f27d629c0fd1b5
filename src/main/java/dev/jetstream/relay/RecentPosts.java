package dev.jetstream.relay;

import java.util.Map;

/** The last posts of the network, for likes, reposts and replies to point at. Bounded; not thread-safe. */
final class RecentPosts {
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
