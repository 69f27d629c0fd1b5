package dev.jetstream.websocket;

/**
 * The header in front of every websocket frame (RFC 6455, section 5.2), read and written in place.
 *
 * <pre>
 *   byte 0          byte 1            then                    then
 *   F RRR OOOO      M LLLLLLL         0, 2 or 8 bytes         0 or 4 bytes
 *   fin rsv opcode  masked length     length when L is        masking key
 *                                     126 or 127, big endian
 * </pre>
 */
public final class FrameHeader {
    public static final int CONTINUATION = 0x0;
    public static final int TEXT = 0x1;
    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** The longest header there is: two bytes, eight of length, four of key. */
    public static final int MAX_BYTES = 14;

    /** The most bytes that a control frame may carry (RFC 6455, section 5.5). */
    public static final int MAX_CONTROL_PAYLOAD = 125;

    private FrameHeader() {}

    /** Bytes of the header of an unmasked frame with a payload of {@code payload} bytes: 2, 4 or 10. */
    public static int size(long payload) {
        return payload < 126 ? 2 : payload < 65_536 ? 4 : 10;
    }

    /** Bytes of the header of an unmasked frame of {@code frame} bytes, itself included, that {@link #write} began. */
    public static int sizeWithin(int frame) {
        return frame < 126 + 2 ? 2 : frame < 65_536 + 4 ? 4 : 10;
    }

    /**
     * Writes the header of a final, unmasked frame.
     *
     * @return the offset after the header
     */
    public static int write(byte[] to, int at, int opcode, long payload) {
        to[at++] = (byte) (0x80 | opcode);
        if (payload < 126) {
            to[at++] = (byte) payload;
        } else if (payload < 65_536) {
            to[at++] = 126;
            to[at++] = (byte) (payload >>> 8);
            to[at++] = (byte) payload;
        } else {
            to[at++] = 127;
            for (int shift = 56; shift >= 0; shift -= 8) {
                to[at++] = (byte) (payload >>> shift);
            }
        }
        return at;
    }

    /** A whole final, unmasked frame. */
    public static byte[] frame(int opcode, byte[] payload) {
        byte[] out = new byte[size(payload.length) + payload.length];
        int at = write(out, 0, opcode, payload.length);
        System.arraycopy(payload, 0, out, at, payload.length);
        return out;
    }

    /**
     * Bytes of the header that starts at {@code at}, key included.
     *
     * @return 2 to 14, or -1 when fewer than the two bytes that tell lie before {@code limit}; the header itself may still
     *     reach beyond {@code limit}
     */
    public static int length(byte[] bytes, int at, int limit) {
        if (limit - at < 2) {
            return -1;
        }
        int tail = (bytes[at + 1] & 0x80) != 0 ? 6 : 2;
        int shortLength = bytes[at + 1] & 0x7F;
        return shortLength < 126 ? tail : shortLength == 126 ? tail + 2 : tail + 8;
    }

    /** Whether this is the last frame of its message. The header must be whole. */
    public static boolean isFinal(byte[] bytes, int at) {
        return (bytes[at] & 0x80) != 0;
    }

    /** The three reserved bits, 0 to 7. */
    public static int reserved(byte[] bytes, int at) {
        return bytes[at] >> 4 & 0x7;
    }

    /** The opcode, 0 to 15. */
    public static int opcode(byte[] bytes, int at) {
        return bytes[at] & 0xF;
    }

    public static boolean isMasked(byte[] bytes, int at) {
        return (bytes[at + 1] & 0x80) != 0;
    }

    /** Bytes of the payload; negative when the peer set the highest bit, which the RFC forbids. The header must be whole. */
    public static long payloadLength(byte[] bytes, int at) {
        int shortLength = bytes[at + 1] & 0x7F;
        if (shortLength < 126) {
            return shortLength;
        }
        long length = 0;
        for (int i = at + 2, end = i + (shortLength == 126 ? 2 : 8); i < end; i++) {
            length = length << 8 | bytes[i] & 0xFF;
        }
        return length;
    }

    /**
     * Applies the masking key at {@code keyAt} to a payload in place; {@code phase} is the payload's offset of the first byte.
     */
    public static void unmask(byte[] bytes, int from, int to, byte[] key, int keyAt, long phase) {
        for (int i = from; i < to; i++, phase++) {
            bytes[i] ^= key[keyAt + (int) (phase & 3)];
        }
    }
}
