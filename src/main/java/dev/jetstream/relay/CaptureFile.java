package dev.jetstream.relay;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of captured frames, plain or zstd: records back to back, each a little-endian 32-bit length and as many bytes, which
 * were one binary websocket message.
 */
final class CaptureFile {
    /** No relay sends larger ones; a larger length means that the file is something else. */
    static final int MAX_FRAME_BYTES = 16 << 20;

    private static final int MAX_FILE_BYTES = 1 << 30;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int[] ZSTD_MAGIC = {0x28, 0xB5, 0x2F, 0xFD};

    private CaptureFile() {}

    /**
     * Reads all frames of a file; whether it is compressed is seen from its first bytes.
     *
     * @throws IOException one sentence that names the file and the offset of the record (of what was decompressed) at fault
     */
    static List<byte[]> read(Path file) throws IOException {
        boolean zstd = isZstd(file);
        if (!zstd && file.toString().endsWith(".zst")) {
            throw new IOException(file + " is named .zst, but is not zstd");
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            return records(file, zstd ? new BufferedInputStream(new ZstdInputStream(raw), BUFFER_BYTES) : raw);
        }
    }

    private static boolean isZstd(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a directory, not a file of captured frames");
        }
        try (InputStream in = Files.newInputStream(file)) {
            for (int magic : ZSTD_MAGIC) {
                if (in.read() != magic) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            throw new IOException(file + " does not exist", e);
        }
    }

    private static List<byte[]> records(Path file, InputStream in) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        long offset = 0;
        for (byte[] head = take(file, offset, in, 4); head.length > 0; head = take(file, offset, in, 4)) {
            if (head.length < 4) {
                throw new IOException(file + " ends within the length of the record at offset " + offset);
            }
            long length = head[0] & 0xFF | (head[1] & 0xFF) << 8 | (head[2] & 0xFF) << 16 | (head[3] & 0xFFL) << 24;
            if (length == 0 || length > MAX_FRAME_BYTES) {
                throw new IOException(file + " is no file of captured frames: the record at offset " + offset + " says "
                        + length + " bytes, and 1 to " + MAX_FRAME_BYTES + " are possible");
            }
            byte[] frame = take(file, offset, in, (int) length);
            if (frame.length < length) {
                throw new IOException(file + " ends within the record at offset " + offset + ": " + frame.length
                        + " of " + length + " bytes are there");
            }
            frames.add(frame);
            offset += 4 + length;
            if (offset > MAX_FILE_BYTES) {
                throw new IOException(
                        file + " holds more than " + MAX_FILE_BYTES + " bytes of frames, which is the limit");
            }
        }
        if (frames.isEmpty()) {
            throw new IOException(file + " holds no frames: it is empty");
        }
        return frames;
    }

    private static byte[] take(Path file, long offset, InputStream in, int count) throws IOException {
        try {
            return in.readNBytes(count);
        } catch (IOException e) {
            throw new IOException(file + " is damaged at offset " + offset + ": " + e.getMessage(), e);
        }
    }
}
