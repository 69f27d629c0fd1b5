package dev.jetstream.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import dev.jetstream.event.Frames;
import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Compresses each message to one zstd frame in one binary websocket message, with content size, a window of at most 128 KiB, and the
 * dictionary's id if there is one. Any thread; keeps as many contexts as were ever used at the same time.
 */
public final class MessageCompressor {
    private static final int WINDOW_LOG = 17;

    private final ConcurrentLinkedQueue<Contexts> idle = new ConcurrentLinkedQueue<>();
    private final ZstdDictCompress shared;
    private final byte[] dictionary;
    private final int level;

    /**
     * @param dictionary a zstd dictionary with an id, or an empty array for none
     * @param level 1 to 19
     */
    public MessageCompressor(byte[] dictionary, int level) {
        this.dictionary = dictionary.clone();
        this.level = level;
        shared = dictionary.length == 0 ? null : new ZstdDictCompress(dictionary, level);
    }

    /** Compresses framed text messages into framed binary ones. */
    Frames compress(Frames plain) {
        Contexts pooled = idle.poll();
        Contexts mine = pooled == null ? new Contexts(shared, dictionary, level) : pooled;
        Frames compressed = compress(plain, mine);
        idle.add(mine);
        return compressed;
    }

    private static Frames compress(Frames plain, Contexts mine) {
        int[] ends = new int[plain.ends().length];
        byte[] to = new byte[plain.length() / 2 + 256];
        int at = 0;
        for (int i = 0; i < ends.length; i++) {
            int length = plain.payloadLength(i);
            int from = plain.end(i) - length;
            int size = mine.compress(plain.bytes(), from, length);
            if (to.length - at < size + FrameHeader.MAX_BYTES) {
                to = Arrays.copyOf(to, Math.max(2 * to.length, at + size + FrameHeader.MAX_BYTES));
            }
            at = FrameHeader.write(to, at, FrameHeader.BINARY, size);
            System.arraycopy(mine.out, 0, to, at, size);
            at += size;
            ends[i] = at;
        }
        return new Frames(Arrays.copyOf(to, at), ends);
    }

    /** A few hundred KiB of native memory, which would outlive a thread: so these are pooled. */
    private static final class Contexts {
        private final ZstdCompressCtx usual;
        private final ZstdCompressCtx large;
        private byte[] out = new byte[4096];

        Contexts(ZstdDictCompress shared, byte[] dictionary, int level) {
            usual = context(level);
            large = context(level);
            // The only way to bound the window of a message above 128 KiB that the binding offers.
            large.setLong(WINDOW_LOG);
            if (shared != null) {
                usual.loadDict(shared);
                large.loadDict(dictionary);
            }
        }

        private static ZstdCompressCtx context(int level) {
            return new ZstdCompressCtx()
                    .setLevel(level)
                    .setContentSize(true)
                    .setDictID(true)
                    .setChecksum(false);
        }

        int compress(byte[] from, int at, int length) {
            int bound = (int) Zstd.compressBound(length);
            if (out.length < bound) {
                out = new byte[bound];
            }
            ZstdCompressCtx context = length > 1 << WINDOW_LOG ? large : usual;
            return context.compressByteArray(out, 0, out.length, from, at, length);
        }
    }
}
