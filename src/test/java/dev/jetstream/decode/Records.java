package dev.jetstream.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes up records that the data model allows, with what is awkward about them made frequent. */
final class Records {
    private static final String[] WORDS = {
        "a",
        "ab",
        "a!",
        "text",
        "createdAt",
        "langs",
        "reply",
        "\"",
        "<b>",
        "é",
        "漢字",
        "",
        "longerkey",
        "longerkey1",
        "longerkey2",
        "a longer text with nothing in it to escape",
        "\u2028",
        "😀",
        "tab\there",
        "\u0001",
        "$typo"
    };
    private static final int[] CHARACTERS = {
        '"', '\\', '<', '&', '\n', 0, 0x7F, 0xE9, 0x2027, 0x2028, 0x2029, 0x6F22, 0xFFFD, 0x1F600
    };

    private final Random random;

    Records(Random random) {
        this.random = random;
    }

    /** A record with a {@code $type}, at most a few levels deep. */
    Map<String, Object> record() {
        Map<String, Object> record = map(3);
        record.put("$type", "a.b.c");
        return record;
    }

    String text() {
        if (random.nextInt(3) == 0) {
            return WORDS[random.nextInt(WORDS.length)];
        }
        boolean plain = random.nextBoolean();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 300 : 30); i > 0; i--) {
            text.appendCodePoint(
                    plain || random.nextInt(4) > 0
                            ? 'a' + random.nextInt(26)
                            : CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    private Map<String, Object> map(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(random.nextInt(20) == 0 ? 60 : 6); i > 0; i--) {
            map.put(text(), value(depth - 1));
        }
        return map;
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 10)) {
            case 0 -> random.nextLong() >> random.nextInt(64);
            case 1 -> random.nextInt(300) - 30;
            case 2 -> (double) (random.nextLong() >> 11);
            case 3 -> random.nextBoolean();
            case 4 -> Cbor.raw(0xF6);
            case 5 -> bytes(50);
            case 6 -> new Cbor.Link(Cbor.cid(bytes(4)));
            case 7 ->
                Frame.map(
                        "size",
                        random.nextInt(100_000),
                        "mimeType",
                        text(),
                        "$type",
                        "blob",
                        "ref",
                        new Cbor.Link(Cbor.cid(bytes(4))));
            case 10, 11 -> list(depth);
            case 12, 13 -> map(depth);
            default -> text();
        };
    }

    private List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(value(depth - 1));
        }
        return list;
    }

    private byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }
}
