package dev.jetstream.client;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Assembles a message from its parts and decompresses binary ones; discards the parts of a message that is too large. */
final class MessageAssembler implements AutoCloseable {
    /** The largest buffer reused for the next message. */
    private static final int KEPT_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 4 << 10;

    private final int maxBytes;
    private final byte @Nullable [] dictionary;
    private @Nullable ZstdDecoder decoder;
    private StringBuilder text = new StringBuilder();
    private byte[] binary = new byte[FIRST_BYTES];
    private int binaryLength;
    private boolean skipping;

    /** @param dictionary null: none */
    MessageAssembler(byte @Nullable [] dictionary, int maxBytes) {
        this.dictionary = dictionary;
        this.maxBytes = maxBytes;
    }

    /**
     * Adds a part of a text message.
     *
     * @return the message, or null while parts of it are missing or being discarded
     * @throws OversizedException once per message that has grown too large
     */
    @Nullable
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
     * Adds a part of a binary message, which is a zstd frame.
     *
     * @return the decompressed message, or null while parts of it are missing or being discarded
     * @throws OversizedException once per message that is too large, compressed or decompressed
     * @throws MalformedEventException when it is not a zstd frame
     * @throws JetstreamException when it needs a dictionary that was not given
     */
    @Nullable
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
        if (decoder == null) {
            decoder = new ZstdDecoder(dictionary, maxBytes);
        }
        try {
            return decoder.decode(binary, binaryLength);
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

    @Override
    public void close() {
        if (decoder != null) {
            decoder.close();
            decoder = null;
        }
    }

    /** A message above the limit. */
    static final class OversizedException extends Exception {
        private static final long serialVersionUID = 1L;

        OversizedException(long bytes, long limit) {
            super("a message of " + bytes + " bytes or more; the limit is " + limit);
        }
    }

    /** Decompresses messages of one zstd frame each, with or without the dictionary. For one thread; holds native memory. */
    private static final class ZstdDecoder implements AutoCloseable {
        private static final int FIRST_BYTES = 16 << 10;
        private static final int MAX_HEADER_BYTES = 18;

        private final int maxBytes;
        private final long dictionaryId;
        private final ZstdDecompressCtx context = new ZstdDecompressCtx();
        private byte[] kept;

        /** @param dictionary null: none */
        ZstdDecoder(byte @Nullable [] dictionary, int maxBytes) {
            this.maxBytes = maxBytes;
            this.kept = new byte[Math.min(maxBytes, FIRST_BYTES)];
            this.dictionaryId = dictionary == null ? 0 : Zstd.getDictIdFromDict(dictionary);
            if (dictionary != null) {
                context.loadDict(dictionary);
            }
        }

        /** The text of the frame in the first {@code length} bytes. */
        String decode(byte[] frame, int length) throws MalformedEventException, OversizedException {
            long declared = Zstd.getFrameContentSize(frame, 0, length);
            if (declared > maxBytes) {
                throw new OversizedException(declared, maxBytes);
            }
            byte[] to = buffer(declared > 0 ? (int) declared : kept.length);
            while (true) {
                try {
                    int size = context.decompressByteArray(to, 0, to.length, frame, 0, length);
                    return new String(to, 0, size, StandardCharsets.UTF_8);
                } catch (ZstdException e) {
                    if (e.getErrorCode() == Zstd.errDictionaryWrong()) {
                        throw wrongDictionary(frame, length);
                    }
                    if (e.getErrorCode() != Zstd.errDstSizeTooSmall()) {
                        throw new MalformedEventException("not a zstd frame: " + e.getMessage(), "");
                    }
                    if (to.length >= maxBytes) {
                        throw new OversizedException(to.length, maxBytes);
                    }
                    to = buffer((int) Math.min(maxBytes, to.length * 4L));
                }
            }
        }

        private JetstreamException wrongDictionary(byte[] frame, int length) {
            long id = Zstd.getDictIdFromFrame(Arrays.copyOf(frame, Math.min(length, MAX_HEADER_BYTES)));
            return new JetstreamException(
                    JetstreamException.Reason.DICTIONARY,
                    "the server compresses with the zstd dictionary " + id + ", and "
                            + (dictionaryId == 0 ? "none was given" : "the one given is " + dictionaryId));
        }

        private byte[] buffer(int size) {
            if (size <= kept.length) {
                return kept;
            }
            byte[] larger = new byte[size];
            if (size <= KEPT_BYTES) {
                kept = larger;
            }
            return larger;
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
