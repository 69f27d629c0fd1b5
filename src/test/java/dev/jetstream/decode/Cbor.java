package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes CBOR by hand: values as they are, in the order they are given, and heads that no encoder would write. */
public final class Cbor {
    /** Bytes that stand in a value as they are, whatever they mean. */
    public record Raw(byte[] bytes) {}

    /** A CID in its binary form, written as a link. */
    public record Link(byte[] cid) {}

    /** {@code undefined}. */
    public static final Raw UNDEFINED = new Raw(new byte[] {(byte) 0xF7});

    private Cbor() {}

    public static Raw raw(int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        return new Raw(raw);
    }

    /** A value's bytes: maps with their entries in order, texts, byte arrays, numbers, lists, links, {@code null}. */
    public static byte[] of(Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, value);
        return out.toByteArray();
    }

    /** Texts, each as an item of its own. */
    static List<byte[]> texts(String... texts) {
        return Arrays.stream(texts).map(Cbor::of).toList();
    }

    private static void write(ByteArrayOutputStream out, Object value) {
        if (value == null) {
            out.write(0xF6);
        } else if (value instanceof Raw raw) {
            out.writeBytes(raw.bytes());
        } else if (value instanceof Boolean bool) {
            out.write(bool ? 0xF5 : 0xF4);
        } else if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            out.writeBytes(number >= 0 ? head(0, number) : head(1, ~number));
        } else if (value instanceof Double number) {
            out.write(0xFB);
            out.writeBytes(ByteBuffer.allocate(8)
                    .putLong(Double.doubleToRawLongBits(number))
                    .array());
        } else if (value instanceof String text) {
            byte[] bytes = text.getBytes(UTF_8);
            out.writeBytes(head(3, bytes.length));
            out.writeBytes(bytes);
        } else if (value instanceof byte[] bytes) {
            out.writeBytes(head(2, bytes.length));
            out.writeBytes(bytes);
        } else if (value instanceof Link link) {
            out.writeBytes(head(6, 42));
            write(out, concat(new byte[1], link.cid()));
        } else if (value instanceof List<?> list) {
            out.writeBytes(head(4, list.size()));
            list.forEach(item -> write(out, item));
        } else if (value instanceof Map<?, ?> map) {
            out.writeBytes(head(5, map.size()));
            map.forEach((key, entry) -> {
                write(out, key);
                write(out, entry);
            });
        } else {
            throw new IllegalArgumentException("no CBOR for " + value.getClass());
        }
    }

    /** The shortest head of a major type with this argument. */
    public static byte[] head(int major, long argument) {
        int high = major << 5;
        if (argument >= 0 && argument < 24) {
            return new byte[] {(byte) (high | argument)};
        }
        int sizeCode = Long.compareUnsigned(argument, 0xFF) <= 0
                ? 0
                : Long.compareUnsigned(argument, 0xFFFF) <= 0
                        ? 1
                        : Long.compareUnsigned(argument, 0xFFFF_FFFFL) <= 0 ? 2 : 3;
        byte[] wide = ByteBuffer.allocate(8).putLong(argument).array();
        return concat(new byte[] {(byte) (high | 24 + sizeCode)}, Arrays.copyOfRange(wide, 8 - (1 << sizeCode), 8));
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The CID that a DAG-CBOR block has. */
    public static byte[] cid(byte[] block) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(block);
            return concat(new byte[] {1, 0x71, 0x12, 0x20}, digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
