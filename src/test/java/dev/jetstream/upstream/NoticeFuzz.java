package dev.jetstream.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jetstream.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/** A frame that may be a notice. What it says is short and fit for a log; and no notice is taken for a usual frame. */
public final class NoticeFuzz implements FuzzTarget {
    @Override
    public String take(byte[] input) {
        boolean isUsual = Notice.isUsual(input, 0, input.length);
        Optional<Notice> notice = Notice.read(input, 0, input.length);
        if (isUsual && notice.isPresent()) {
            throw new AssertionError("a notice that is taken for a usual frame: " + notice.get());
        }
        notice.ifPresent(said -> {
            check(said.name());
            check(said.message());
        });
        return notice.isPresent() ? GOOD : isUsual ? "usual" : "no notice";
    }

    private static void check(String text) {
        if (text.length() > 201
                || text.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029')) {
            throw new AssertionError("not fit for a log: " + text);
        }
    }

    @Override
    public List<byte[]> seeds() {
        byte[] error = map(text("op"), new byte[] {0x20});
        byte[] info = map(text("t"), text("#info"), text("op"), new byte[] {1});
        return List.of(
                concat(error, map(text("error"), text("FutureCursor"), text("message"), text("is\nin the future"))),
                concat(error, map(text("message"), text("x".repeat(300)), text("error"), text("ConsumerTooSlow"))),
                concat(info, map(text("name"), text("OutdatedCursor"), text("message"), text("gone"))),
                concat(map(text("op"), new byte[] {1}, text("t"), text("#info")), map(text("name"), text("é"))));
    }

    @Override
    public List<byte[]> words() {
        return List.of(
                text("op"), text("t"), text("#info"), text("#commit"), text("error"), text("message"), text("name"));
    }

    private static byte[] map(byte[]... keysAndValues) {
        return concat(new byte[] {(byte) (0xA0 | keysAndValues.length / 2)}, concat(keysAndValues));
    }

    private static byte[] text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        byte[] head = utf8.length < 24
                ? new byte[] {(byte) (0x60 | utf8.length)}
                : new byte[] {0x79, (byte) (utf8.length >> 8), (byte) utf8.length};
        return concat(head, utf8);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
