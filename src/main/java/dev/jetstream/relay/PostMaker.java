package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes {@code app.bsky.feed.post} records: text in many scripts, facets, embeds, replies, languages, tags. Not thread-safe. */
final class PostMaker {
    private static final int MAX_FRAGMENTS = 4;

    /** A piece of text and its language. */
    record Fragment(String text, String lang) {}

    /** What people write: many scripts, and everything that a decoder must escape, keep or count in bytes. */
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
    private final RecordMaker.RecentPosts recent;

    PostMaker(Rng rng, RecordMaker.RecentPosts recent) {
        this.rng = rng;
        this.recent = recent;
    }

    /** @param mentioned an account that the text may name */
    Map<String, Object> post(String createdAt, String mentioned) {
        StringBuilder text = new StringBuilder();
        List<Object> langs = new ArrayList<>();
        for (int i = rng.between(1, MAX_FRAGMENTS); i > 0; i--) {
            Fragment fragment = fragment(rng);
            text.append(text.isEmpty() ? "" : " ").append(fragment.text());
            if (!langs.contains(fragment.lang()) && langs.size() < 3) {
                langs.add(fragment.lang());
            }
        }
        Map<String, Object> post = new LinkedHashMap<>();
        post.put("$type", "app.bsky.feed.post");
        List<Object> facets = facets(text, mentioned);
        post.put("text", text.toString());
        post.put("createdAt", createdAt);
        if (rng.chance(90)) {
            post.put("langs", langs);
        }
        if (!facets.isEmpty()) {
            post.put("facets", facets);
        }
        if (rng.chance(35)) {
            post.put("reply", Map.of("root", recent.any(rng), "parent", recent.any(rng)));
        }
        if (rng.chance(40)) {
            post.put("embed", embed());
        }
        if (rng.chance(5)) {
            post.put("tags", List.of(rng.pick(TAGS), rng.pick(TAGS)));
        }
        if (rng.chance(3)) {
            post.put("labels", selfLabels());
        }
        return post;
    }

    private static Map<String, Object> selfLabels() {
        return Map.of("$type", "com.atproto.label.defs#selfLabels", "values", List.of(Map.of("val", "graphic-media")));
    }

    /** Appends what the facets stand for and returns them; they count UTF-8 bytes. */
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
            String link = rng.pick(LINKS);
            facets.add(facet(text, "example.com/…", "app.bsky.richtext.facet#link", "uri", link));
        }
        return facets;
    }

    private static Map<String, Object> facet(StringBuilder text, String shown, String type, String key, String value) {
        int start = utf8Length(text.append(' '));
        int end = utf8Length(text.append(shown));
        return Map.of(
                "index", Map.of("byteStart", start, "byteEnd", end),
                "features", List.of(Map.of("$type", type, key, value)));
    }

    private static int utf8Length(CharSequence text) {
        return text.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    private Map<String, Object> embed() {
        int kind = rng.below(10);
        if (kind < 5) {
            return images();
        }
        if (kind < 7) {
            return external();
        }
        if (kind < 9) {
            return Map.of("$type", "app.bsky.embed.record", "record", recent.any(rng));
        }
        return Map.of(
                "$type", "app.bsky.embed.recordWithMedia",
                "media", images(),
                "record", Map.of("$type", "app.bsky.embed.record", "record", recent.any(rng)));
    }

    private Map<String, Object> images() {
        List<Object> images = new ArrayList<>();
        for (int i = rng.between(1, 4); i > 0; i--) {
            Map<String, Object> image = new LinkedHashMap<>();
            image.put("alt", rng.chance(50) ? "" : fragment(rng).text());
            image.put("image", RecordMaker.blob(rng, "image/jpeg"));
            image.put("aspectRatio", Map.of("width", rng.between(1, 4000), "height", rng.between(1, 4000)));
            images.add(image);
        }
        return Map.of("$type", "app.bsky.embed.images", "images", images);
    }

    private Map<String, Object> external() {
        Map<String, Object> card = new LinkedHashMap<>();
        card.put("uri", rng.pick(LINKS));
        card.put("title", fragment(rng).text());
        card.put("description", rng.chance(30) ? "" : fragment(rng).text());
        if (rng.chance(60)) {
            card.put("thumb", RecordMaker.blob(rng, "image/png"));
        }
        return Map.of("$type", "app.bsky.embed.external", "external", card);
    }

    static Fragment fragment(Rng rng) {
        return rng.pick(FRAGMENTS);
    }
}
