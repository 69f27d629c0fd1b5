package dev.jetstream.client;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Decompresses messages of one zstd frame each, with the dictionary or without, as the frame's header says (RFC 8878, section
 * 3.1.1.1). For one thread at a time; holds native memory until closed.
 */
final class ZstdDecoder implements AutoCloseable {
    /** The largest buffer kept from one message to the next. */
    private static final int KEPT_BYTES = 1 << 20;

    private static final int FIRST_BYTES = 16 << 10;
    private static final int MAX_HEADER_BYTES = 18;
    private static final int HEADER_DESCRIPTOR = 4;
    private static final int DICTIONARY_ID_FLAG = 0x3;

    private final int maxBytes;
    private final long dictionaryId;
    private final ZstdDecompressCtx plain = new ZstdDecompressCtx();
    private final ZstdDecompressCtx withDictionary;
    private byte[] kept;

    /** @param dictionary null: none */
    ZstdDecoder(byte[] dictionary, int maxBytes) {
        this.maxBytes = maxBytes;
        this.kept = new byte[Math.min(maxBytes, FIRST_BYTES)];
        this.dictionaryId = dictionary == null ? 0 : Zstd.getDictIdFromDict(dictionary);
        this.withDictionary = dictionary == null ? null : new ZstdDecompressCtx().loadDict(dictionary);
    }

    /**
     * The text of the frame in the first {@code length} bytes.
     *
     * @throws MalformedEventException when the bytes are no zstd frame
     * @throws OversizedException when the text is larger than the limit
     * @throws JetstreamException when the frame needs a dictionary that we do not have
     */
    String decode(byte[] frame, int length) throws MalformedEventException, OversizedException {
        ZstdDecompressCtx context = context(frame, length);
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

    private ZstdDecompressCtx context(byte[] frame, int length) {
        if (length <= HEADER_DESCRIPTOR || (frame[HEADER_DESCRIPTOR] & DICTIONARY_ID_FLAG) == 0) {
            return plain;
        }
        long id = Zstd.getDictIdFromFrame(Arrays.copyOf(frame, Math.min(length, MAX_HEADER_BYTES)));
        if (id == 0) {
            return plain;
        }
        if (id == dictionaryId) {
            return withDictionary;
        }
        throw new JetstreamException(
                JetstreamException.Reason.DICTIONARY,
                "the server compresses with the zstd dictionary " + id + ", and "
                        + (withDictionary == null ? "none was given" : "the one given is " + dictionaryId));
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
        plain.close();
        if (withDictionary != null) {
            withDictionary.close();
        }
    }
}
