package dev.jetstream.client;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Puts the parts of a message together, and decompresses binary ones; what is too large is thrown away part by part. */
final class MessageAssembler implements AutoCloseable {
    private static final int KEPT_BYTES = 1 << 20;
    private static final int FIRST_BYTES = 4 << 10;

    private final int maxBytes;
    private final byte[] dictionary;
    private ZstdDecoder decoder;
    private StringBuilder text = new StringBuilder();
    private byte[] binary = new byte[FIRST_BYTES];
    private int binaryLength;
    private boolean skipping;

    MessageAssembler(byte[] dictionary, int maxBytes) {
        this.dictionary = dictionary;
        this.maxBytes = maxBytes;
    }

    /**
     * Takes a part of a text message.
     *
     * @return the message, or null while parts of it are missing or being thrown away
     * @throws OversizedException once per message that has grown too large
     */
    String text(CharSequence part, boolean last) throws OversizedException {
        if (skipping) {
            skipping = !last;
            return null;
        }
        long length = (long) text.length() + part.length();
        if (length > maxBytes) {
            text = new StringBuilder();
            skipping = !last;
            throw new OversizedException(length, maxBytes);
        }
        if (last && text.isEmpty()) {
            return part.toString();
        }
        text.append(part);
        if (!last) {
            return null;
        }
        String message = text.toString();
        if (text.capacity() > KEPT_BYTES) {
            text = new StringBuilder();
        }
        text.setLength(0);
        return message;
    }

    /**
     * Takes a part of a binary message, which is a zstd frame.
     *
     * @return the decompressed message, or null while parts of it are missing or being thrown away
     * @throws OversizedException once per message that is too large, as it came or decompressed
     * @throws MalformedEventException when it is no zstd frame
     * @throws JetstreamException when it needs a dictionary that was not given
     */
    String binary(ByteBuffer part, boolean last) throws OversizedException, MalformedEventException {
        if (skipping) {
            skipping = !last;
            return null;
        }
        int size = part.remaining();
        long length = (long) binaryLength + size;
        if (length > maxBytes) {
            resetBinary();
            skipping = !last;
            throw new OversizedException(length, maxBytes);
        }
        if (length > binary.length) {
            binary = Arrays.copyOf(binary, (int) Math.min(maxBytes, Math.max(length, binary.length * 2L)));
        }
        part.get(binary, binaryLength, size);
        binaryLength += size;
        if (!last) {
            return null;
        }
        try {
            return decoder().decode(binary, binaryLength);
        } finally {
            resetBinary();
        }
    }

    private void resetBinary() {
        binaryLength = 0;
        if (binary.length > KEPT_BYTES) {
            binary = new byte[FIRST_BYTES];
        }
    }

    private ZstdDecoder decoder() {
        if (decoder == null) {
            decoder = new ZstdDecoder(dictionary, maxBytes);
        }
        return decoder;
    }

    @Override
    public void close() {
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
    }
}
