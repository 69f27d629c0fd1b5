package dev.jetstream.client;

/** Messages for tests. */
public final class Lines {
    private Lines() {}

    public static String create(long timeUs) {
        return create(timeUs, "r" + timeUs);
    }

    public static String create(long timeUs, String rkey) {
        return "{\"did\":\"did:plc:alice\",\"time_us\":" + timeUs + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"3l1\","
                + "\"operation\":\"create\",\"collection\":\"app.bsky.feed.post\",\"rkey\":\"" + rkey
                + "\",\"record\":{\"$type\":\"app.bsky.feed.post\",\"text\":\"hé \\u003cb\\u003e\"},\"cid\":\"bafy1\"}}";
    }

    public static String identity(long timeUs) {
        return "{\"did\":\"did:plc:alice\",\"time_us\":" + timeUs + ",\"kind\":\"identity\",\"identity\":{"
                + "\"did\":\"did:plc:alice\",\"handle\":\"alice.test\",\"seq\":7,\"time\":\"2026-01-01T00:00:00Z\"}}";
    }
}
