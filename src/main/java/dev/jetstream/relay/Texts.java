package dev.jetstream.relay;

import java.util.List;

/** What people write: fragments in many scripts, with all that a decoder must escape, keep or count in bytes. */
final class Texts {
    /** A fragment and its language. */
    record Fragment(String text, String lang) {}

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

    static final List<String> TAGS = List.of("art", "books", "photography", "日本語", "caturday", "Go2Sky", "été", "🌱");
    static final List<String> LINKS = List.of(
            "https://example.com/a?b=1&c=%20d#e",
            "https://news.example.org/2026/01/the-long-read",
            "https://example.net/<odd>\"path\"",
            "https://xn--bcher-kva.example/");
    static final List<String> NAMES =
            List.of("Alice 🌸", "Bob O'Neil", "Çağla", "山田太郎", "<b>bold</b>", "Zoë & Max", "نور", "");

    private Texts() {}

    static Fragment any(Rng rng) {
        return rng.pick(FRAGMENTS);
    }
}
