package dev.jetstream.upstream;

/** Text of the relay's, made fit for a log line: cut short, on one line, without control characters. */
final class Excerpt {
    private static final int MAX_CHARS = 200;

    private Excerpt() {}

    static String of(String text) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_CHARS) + 1);
        for (int i = 0; i < text.length() && i < MAX_CHARS; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c);
        }
        return text.length() > MAX_CHARS
                ? out.append('…').toString()
                : out.toString().strip();
    }
}
