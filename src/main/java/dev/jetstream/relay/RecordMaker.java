package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Generates the records of all collections. Not thread-safe. */
final class RecordMaker {
    static final String POST = "app.bsky.feed.post";
    static final String LIKE = "app.bsky.feed.like";
    static final String REPOST = "app.bsky.feed.repost";
    static final String FOLLOW = "app.bsky.graph.follow";
    static final String BLOCK = "app.bsky.graph.block";
    static final String PROFILE = "app.bsky.actor.profile";
    static final String READING = "com.example.sensor.reading";

    private static final int MAX_FRAGMENTS = 4;
    private static final int MAX_BLOB_BYTES = 1_000_000;
    private static final List<String> NAMES =
            List.of("Alice 🌸", "Bob O'Neil", "Çağla", "山田太郎", "<b>bold</b>", "Zoë & Max", "نور", "");

    private record Fragment(String text, String lang) {}

    /** Texts in many scripts, with everything that a decoder must escape, keep or count in bytes. */
    private static final List<Fragment> FRAGMENTS = List.of(
            new Fragment("Good morning, everyone ☀️", "en"),
            new Fragment("just shipped a thing, it only took all week", "en"),
            new Fragment("I can't believe it's not \"butter\"", "en"),
            new Fragment("if (a < b && b > c) { return a & b; }", "en"),
            new Fragment("<script>alert('x')</script>", "en"),
            new Fragment("C:\\Users\\me\\notes.txt", "en"),
            new Fragment("first line\nsecond line\r\n\tindented", "en"),
            new Fragment("a line separator\u2028and a paragraph one\u2029done", "en"),
            new Fragment("a bell \u0007, an escape \u001b, a delete \u007f, a zero width\u200bspace", "en"),
            new Fragment("Ich hätte gern Käsespätzle für fünf Öre, groß!", "de"),
            new Fragment("Où est passé l'été ? Ça va, « merci »…", "fr"),
            new Fragment("¿Qué tal, señor? ¡Mañana será otro día!", "es"),
            new Fragment("Não há pão de açúcar à mão", "pt"),
            new Fragment("Съешь ещё этих мягких французских булок", "ru"),
            new Fragment("Ξεσκεπάζω την ψυχοφθόρα βδελυγμία", "el"),
            new Fragment("おはようございます、今日もいい天気ですね", "ja"),
            new Fragment("今天天气真好,我们去公园吧 𠮷", "zh"),
            new Fragment("안녕하세요 여러분, 좋은 하루 되세요", "ko"),
            new Fragment("مرحبا بالعالم، كيف حالكم اليوم؟", "ar"),
            new Fragment("שלום עולם", "he"),
            new Fragment("สวัสดีชาวโลก", "th"),
            new Fragment("नमस्ते दुनिया", "hi"),
            new Fragment("Pijamalı hasta yağız şoföre çabucak güvendi", "tr"),
            new Fragment("Zażółć gęślą jaźń", "pl"),
            new Fragment("👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇦 👍🏽 🫠", "en"),
            new Fragment("e\u0301 is not é, and ﬁ is one character", "en"));

    private static final List<String> TAGS =
            List.of("art", "books", "photography", "日本語", "caturday", "Go2Sky", "été", "🌱");
    private static final List<String> LINKS = List.of(
            "https://example.com/a?b=1&c=%20d#e",
            "https://news.example.org/2026/01/the-long-read",
            "https://example.net/<odd>\"path\"",
            "https://xn--bcher-kva.example/");

    private final Rng rng;
    private final RecentPosts recent;

    RecordMaker(Rng rng, RecentPosts recent) {
        this.rng = rng;
        this.recent = recent;
    }

    /** A random collection, weighted like the network's. */
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
            case POST -> post(createdAt, other);
            case LIKE, REPOST -> pointing(collection, recent.any(rng), createdAt);
            case FOLLOW, BLOCK -> pointing(collection, other, createdAt);
            case PROFILE -> profile(createdAt);
            case READING -> reading(createdAt);
            default -> throw new IllegalArgumentException("no records for " + collection);
        };
    }

    /** A mutable map of keys and values in turn; values may be null. */
    private static Map<String, Object> map(Object... entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], entries[i + 1]);
        }
        return map;
    }

    private String text() {
        return rng.pick(FRAGMENTS).text();
    }

    private Map<String, Object> post(String createdAt, String mentioned) {
        StringBuilder text = new StringBuilder();
        List<Object> langs = new ArrayList<>();
        for (int i = rng.between(1, MAX_FRAGMENTS); i > 0; i--) {
            Fragment fragment = rng.pick(FRAGMENTS);
            text.append(text.isEmpty() ? "" : " ").append(fragment.text());
            if (!langs.contains(fragment.lang()) && langs.size() < 3) {
                langs.add(fragment.lang());
            }
        }
        List<Object> facets = facets(text, mentioned);
        Map<String, Object> post = map("$type", POST, "text", text.toString(), "createdAt", createdAt);
        if (rng.chance(90)) {
            post.put("langs", langs);
        }
        if (!facets.isEmpty()) {
            post.put("facets", facets);
        }
        if (rng.chance(35)) {
            post.put("reply", map("root", recent.any(rng), "parent", recent.any(rng)));
        }
        if (rng.chance(40)) {
            post.put("embed", embed());
        }
        if (rng.chance(5)) {
            post.put("tags", List.of(rng.pick(TAGS), rng.pick(TAGS)));
        }
        if (rng.chance(3)) {
            List<Object> values = List.of(map("val", "graphic-media"));
            post.put("labels", map("$type", "com.atproto.label.defs#selfLabels", "values", values));
        }
        return post;
    }

    /** Appends the facets' texts and returns the facets; their offsets count UTF-8 bytes. */
    private List<Object> facets(StringBuilder text, String mentioned) {
        List<Object> facets = new ArrayList<>();
        if (rng.chance(20)) {
            String tag = rng.pick(TAGS);
            facets.add(facet(text, "#" + tag, "app.bsky.richtext.facet#tag", "tag", tag));
        }
        if (rng.chance(15)) {
            facets.add(facet(text, "@friend", "app.bsky.richtext.facet#mention", "did", mentioned));
        }
        if (rng.chance(15)) {
            facets.add(facet(text, "example.com/…", "app.bsky.richtext.facet#link", "uri", rng.pick(LINKS)));
        }
        return facets;
    }

    private static Object facet(StringBuilder text, String shown, String type, String key, String value) {
        int start = utf8Length(text.append(' '));
        int end = utf8Length(text.append(shown));
        return map(
                "index", map("byteStart", start, "byteEnd", end), "features", List.of(map("$type", type, key, value)));
    }

    private static int utf8Length(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private Object embed() {
        int kind = rng.below(10);
        if (kind < 5) {
            return images();
        }
        if (kind < 7) {
            return external();
        }
        Object images = kind < 9 ? null : images();
        Object quote = map("$type", "app.bsky.embed.record", "record", recent.any(rng));
        return images == null
                ? quote
                : map("$type", "app.bsky.embed.recordWithMedia", "media", images, "record", quote);
    }

    private Object images() {
        List<Object> images = new ArrayList<>();
        for (int i = rng.between(1, 4); i > 0; i--) {
            String alt = rng.chance(50) ? "" : text();
            Object image = blob("image/jpeg");
            Object ratio = map("width", rng.between(1, 4000), "height", rng.between(1, 4000));
            images.add(map("alt", alt, "image", image, "aspectRatio", ratio));
        }
        return map("$type", "app.bsky.embed.images", "images", images);
    }

    private Object external() {
        String link = rng.pick(LINKS);
        String title = text();
        Map<String, Object> card = map("uri", link, "title", title, "description", rng.chance(30) ? "" : text());
        if (rng.chance(60)) {
            card.put("thumb", blob("image/png"));
        }
        return map("$type", "app.bsky.embed.external", "external", card);
    }

    private Map<String, Object> pointing(String collection, Object subject, String createdAt) {
        Map<String, Object> record = map("$type", collection, "subject", subject, "createdAt", createdAt);
        if (collection.equals(LIKE) && rng.chance(10)) {
            record.put("via", recent.any(rng));
        }
        return record;
    }

    private Map<String, Object> profile(String createdAt) {
        String name = rng.pick(NAMES);
        Map<String, Object> profile =
                map("$type", PROFILE, "displayName", name, "description", text(), "createdAt", createdAt);
        if (rng.chance(80)) {
            profile.put("avatar", blob("image/jpeg"));
        }
        if (rng.chance(50)) {
            profile.put("banner", rng.chance(90) ? blob("image/png") : legacyBlob("image/png"));
        }
        if (rng.chance(30)) {
            profile.put("pinnedPost", recent.any(rng));
        }
        return profile;
    }

    /** A record of an unknown lexicon, with everything that the data model allows. */
    private Map<String, Object> reading(String createdAt) {
        Map<String, Object> record = map("$type", READING, "createdAt", createdAt);
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
    private Object oddKeys() {
        Map<String, Object> map = map("a", 1, "a!", 2, "a#", 3, "aa", 4, "<tag>", "&", "\"quoted\"", "\\");
        map.put("line\nbreak", "\u0001");
        map.put("", "empty key");
        map.put("ключ", "\uFFFD");
        map.put("🔑", text());
        map.put("\uFB01", new byte[0]);
        return map;
    }

    private Object nested(int depth) {
        List<Object> list = new ArrayList<>();
        list.add(Map.of());
        list.add(List.of());
        list.add(null);
        list.add(rng.chance(50));
        list.add(depth == 0 ? "leaf" : map("depth", depth, "below", nested(depth - 1)));
        return list;
    }

    /** A reference to a blob (atproto, "Blob Type"). */
    private Object blob(String mimeType) {
        Cid ref = Cid.ofBlob(rng.bytes(32));
        return map("$type", "blob", "ref", ref, "mimeType", mimeType, "size", rng.between(1, MAX_BLOB_BYTES));
    }

    private Object legacyBlob(String mimeType) {
        return map("cid", Cid.ofBlob(rng.bytes(32)).toString(), "mimeType", mimeType);
    }

    /** The last posts of the network, targets of likes, reposts and replies. Bounded; not thread-safe. */
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

        /** A random strong reference ({@code com.atproto.repo.strongRef}). */
        Map<String, Object> any(Rng rng) {
            Post post = posts[rng.below((int) Math.min(added, KEPT))];
            return map("uri", post.uri, "cid", post.cid.toString());
        }
    }
}
