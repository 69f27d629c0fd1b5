package dev.jetstream.journal.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A zstd dictionary for the bodies of blocks.
 *
 * <p>Journals hold blocks of every id that was ever written, so an id's content never changes; a better dictionary gets a new id.
 *
 * <ul>
 *   <li>0: empty, for large blocks
 *   <li>1: the skeletons of common events, as raw content
 *   <li>2: the same after zstd's entropy tables, which makes a block of a few events 8 % smaller.
 *       {@code ZDICT_finalizeDictionary} made it from 2,759 bodies of two or three events of the built-in relay
 *       ({@code --rate 700 --seed 5 --accounts 5000}) with 1 as the content, for level 6
 * </ul>
 */
final class BlockDictionary {
    private static final List<BlockDictionary> ALL = List.of(
            new BlockDictionary(new byte[0], 0),
            new BlockDictionary(load("dictionary-1.txt"), 1),
            new BlockDictionary(load("dictionary-2.bin"), 2));

    /** Bytes of a body from which a dictionary gains less than 0.5 % and costs 15 % more time. */
    private static final int LARGE = 128 << 10;

    /** Level 3 costs 60 % more for a full block and gains nothing. */
    private static final int LEVEL = 1;

    /** A block of few events costs little at any level, and gains. */
    private static final int LEVEL_OF_SMALL = 6;

    private static final int SMALL = 16 << 10;

    private final int id;
    private final byte[] content;
    /** Not thread-local: a pool's threads come and go, and contexts hold native memory. */
    private final ConcurrentLinkedDeque<Contexts> idle = new ConcurrentLinkedDeque<>();

    private BlockDictionary(byte[] content, int id) {
        this.id = id;
        this.content = content;
    }

    /** The dictionary of an id, or null if this program has none. */
    static BlockDictionary of(int id) {
        return id >= 0 && id < ALL.size() ? ALL.get(id) : null;
    }

    /** The dictionary that a body of so many bytes is written with. */
    static BlockDictionary toWrite(int bodySize) {
        return ALL.get(bodySize < LARGE ? ALL.size() - 1 : 0);
    }

    int id() {
        return id;
    }

    /** Appends the compressed body to {@code to}; returns a copy of all of it. */
    byte[] compress(ByteWriter body, ByteWriter to) {
        int bound = (int) Math.min(Integer.MAX_VALUE - 16L, Zstd.compressBound(body.size()));
        to.reserve(bound);
        Contexts mine = borrow();
        ZstdCompressCtx context = body.size() <= SMALL ? mine.small() : mine.usual();
        int size = context.compressByteArray(to.array(), to.size(), bound, body.array(), 0, body.size());
        idle.push(mine);
        return Arrays.copyOf(to.array(), to.size() + size);
    }

    /**
     * Decompresses {@code from}, from an offset to its end.
     *
     * @param size bytes that must come out
     * @return what is wrong, or null
     */
    String decompress(byte[] from, int at, byte[] to, int size) {
        Contexts mine = borrow();
        try {
            int given = mine.decompression().decompressByteArray(to, 0, size, from, at, from.length - at);
            return given == size ? null : "body has " + given + " bytes in place of " + size;
        } catch (ZstdException e) {
            return "body cannot be decompressed";
        } finally {
            idle.push(mine);
        }
    }

    private Contexts borrow() {
        Contexts free = idle.poll();
        return free == null ? new Contexts() : free;
    }

    private static byte[] load(String name) {
        try (InputStream in = BlockDictionary.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its resource " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Contexts that one thread at a time uses, created on first use: a few hundred KiB of native memory each. */
    private final class Contexts {
        private ZstdCompressCtx usual;
        private ZstdCompressCtx small;
        private ZstdDecompressCtx decompression;

        ZstdCompressCtx usual() {
            if (usual == null) {
                usual = compression(LEVEL);
            }
            return usual;
        }

        ZstdCompressCtx small() {
            if (small == null) {
                small = compression(LEVEL_OF_SMALL);
            }
            return small;
        }

        private ZstdCompressCtx compression(int level) {
            ZstdCompressCtx context = new ZstdCompressCtx()
                    .setLevel(level)
                    .setMagicless(true)
                    .setContentSize(false)
                    .setDictID(false)
                    .setChecksum(false);
            return content.length == 0 ? context : context.loadDict(new ZstdDictCompress(content, level));
        }

        ZstdDecompressCtx decompression() {
            if (decompression == null) {
                decompression = new ZstdDecompressCtx().setMagicless(true);
                if (content.length > 0) {
                    decompression.loadDict(new ZstdDictDecompress(content));
                }
            }
            return decompression;
        }
    }
}
