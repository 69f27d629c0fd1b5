package dev.jetstream.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;

/** Undoes compression, as a client would. */
public final class Zstds {
    private Zstds() {}

    /** @param dictionary null: none */
    public static byte[] decompress(byte[] frame, byte[] dictionary) {
        try (ZstdDecompressCtx context = new ZstdDecompressCtx()) {
            if (dictionary != null) {
                context.loadDict(dictionary);
            }
            return context.decompress(frame, Math.toIntExact(Zstd.getFrameContentSize(frame)));
        }
    }
}
