package dev.jetstream.relay;

import com.github.luben.zstd.Zstd;
import dev.jetstream.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A file of captured frames. It is refused in one sentence that names it; or it can be replayed, lap after lap, and any of its
 * seqs resumed behind.
 */
public final class CaptureFuzz implements FuzzTarget {
    private final Path file;

    public CaptureFuzz() {
        try {
            file = Files.createTempFile("capture", ".bin");
            file.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String take(byte[] input) throws Exception {
        Files.write(file, input);
        ReplaySource source;
        try {
            source = ReplaySource.open(file, true, 0);
        } catch (IOException e) {
            if (!e.getMessage().startsWith(file.toString())
                    || e.getMessage().lines().count() != 1) {
                throw new AssertionError("no sentence that names the file", e);
            }
            return e.getMessage().substring(file.toString().length()).replaceAll("\\d+", "N");
        }
        FrameSource.Opened first = (FrameSource.Opened) source.open(OptionalLong.empty());
        FrameBatch batch = new FrameBatch();
        first.reader().read(batch, 0);
        if (batch.isEmpty()) {
            throw new AssertionError("nothing is replayed");
        }
        for (long cursor : new long[] {0, 1, 1_000, Long.MAX_VALUE}) {
            if (source.open(OptionalLong.of(cursor)) instanceof FrameSource.Opened again) {
                batch.clear();
                again.reader().read(batch, 0);
            }
        }
        return GOOD;
    }

    @Override
    public List<byte[]> seeds() {
        SyntheticNetwork network =
                new SyntheticNetwork(5, 10, 1, InstantSource.fixed(Instant.ofEpochSecond(1_780_000_000)));
        List<byte[]> files = new ArrayList<>();
        for (int i = 1; i < 6; i++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int j = 0; j < i; j++) {
                byte[] frame = network.next().frame();
                for (int shift = 0; shift < 32; shift += 8) {
                    out.write(frame.length >>> shift);
                }
                out.writeBytes(frame);
            }
            files.add(out.toByteArray());
            files.add(Zstd.compress(out.toByteArray()));
        }
        return files;
    }

    @Override
    public int tries() {
        return 1_000;
    }

    /** A record's length is trusted up to its limit, and readers have buffers. */
    @Override
    public long mostAllocated(int inputBytes) {
        return 64L << 20;
    }
}
