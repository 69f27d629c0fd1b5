package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes {@code app.bsky.feed.post} records: text in many scripts, facets, embeds, replies, languages, tags. Not thread-safe. */
final class PostMaker {
    private static final int MAX_FRAGMENTS = 4;

    private final Rng rng;
    private final RecentPosts recent;

    PostMaker(Rng rng, RecentPosts recent) {
        this.rng = rng;
        this.recent = recent;
    }

    /** @param mentioned an account that the text may name */
    Map<String, Object> post(String createdAt, String mentioned) {
        StringBuilder text = new StringBuilder();
        List<Object> langs = new ArrayList<>();
        for (int i = rng.between(1, MAX_FRAGMENTS); i > 0; i--) {
            Texts.Fragment fragment = Texts.any(rng);
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
            post.put("tags", List.of(rng.pick(Texts.TAGS), rng.pick(Texts.TAGS)));
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
            String tag = rng.pick(Texts.TAGS);
            facets.add(facet(text, "#" + tag, "app.bsky.richtext.facet#tag", "tag", tag));
        }
        if (rng.chance(15)) {
            facets.add(facet(text, "@friend", "app.bsky.richtext.facet#mention", "did", mentioned));
        }
        if (rng.chance(15)) {
            String link = rng.pick(Texts.LINKS);
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
            image.put("alt", rng.chance(50) ? "" : Texts.any(rng).text());
            image.put("image", Blobs.blob(rng, "image/jpeg"));
            image.put("aspectRatio", Map.of("width", rng.between(1, 4000), "height", rng.between(1, 4000)));
            images.add(image);
        }
        return Map.of("$type", "app.bsky.embed.images", "images", images);
    }

    private Map<String, Object> external() {
        Map<String, Object> card = new LinkedHashMap<>();
        card.put("uri", rng.pick(Texts.LINKS));
        card.put("title", Texts.any(rng).text());
        card.put("description", rng.chance(30) ? "" : Texts.any(rng).text());
        if (rng.chance(60)) {
            card.put("thumb", Blobs.blob(rng, "image/png"));
        }
        return Map.of("$type", "app.bsky.embed.external", "external", card);
    }
}
