package dev.jetstream.relay;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file of captured frames, plain or zstd. Each record is a little-endian 32-bit length and that many bytes, which were one
 * binary websocket message.
 */
final class CaptureFile {
    /** No relay sends larger frames: a larger length means that the file is of another kind. */
    static final int MAX_FRAME_BYTES = 16 << 20;

    private static final int MAX_FILE_BYTES = 1 << 30;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int[] ZSTD_MAGIC = {0x28, 0xB5, 0x2F, 0xFD};

    private CaptureFile() {}

    /**
     * Reads all frames of a file; its first bytes tell whether it is compressed.
     *
     * @throws IOException naming the file and the (decompressed) offset of the invalid record
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

    /**
     * A captured frame and the place of its seq.
     *
     * @param seqAt the offset of the CBOR integer that is the seq; the frame's end if there is none
     * @param seqEnd the offset after it
     * @param seq the seq; -1 if there is none: an {@code #info}, an error, or an invalid frame
     */
    record Frame(byte[] bytes, int seqAt, int seqEnd, long seq) {
        private static final byte[] KEY = "seq".getBytes(StandardCharsets.US_ASCII);

        /** Finds the seq of any bytes: the entry of that name in the frame's second map. */
        static Frame of(byte[] frame) {
            try {
                Walk walk = new Walk(frame);
                walk.skip(0);
                long entries = walk.head(Walk.MAP);
                for (long i = 0; i < entries; i++) {
                    long length = walk.head(Walk.TEXT);
                    int key = walk.take(length);
                    if (Arrays.equals(frame, key, key + (int) length, KEY, 0, KEY.length)) {
                        int at = walk.at;
                        long seq = walk.head(Walk.UNSIGNED);
                        return new Frame(frame, at, walk.at, seq);
                    }
                    walk.skip(0);
                }
            } catch (IllegalArgumentException e) {
                // Not a frame with a seq: sent as it is.
            }
            return new Frame(frame, frame.length, frame.length, -1);
        }

        boolean hasSeq() {
            return seq >= 0;
        }
    }

    /** A walk over CBOR items of definite length; throws {@link IllegalArgumentException} at anything else. */
    private static final class Walk {
        static final int UNSIGNED = 0;
        static final int TEXT = 3;
        static final int MAP = 5;
        private static final int BYTES = 2;
        private static final int ARRAY = 4;
        private static final int TAG = 6;
        private static final int MAX_DEPTH = 32;

        private final byte[] bytes;
        private int at;

        Walk(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Reads a head of this major type and returns its value, which fits a positive long. */
        long head(int major) {
            check(at < bytes.length && (bytes[at] >> 5 & 7) == major);
            long value = value();
            check(value >= 0);
            return value;
        }

        private long value() {
            int low = bytes[take(1)] & 31;
            check(low < 28);
            if (low < 24) {
                return low;
            }
            long value = 0;
            for (int i = 1 << low - 24; i > 0; i--) {
                value = value << 8 | bytes[take(1)] & 0xFF;
            }
            return value;
        }

        /** Skips {@code length} bytes and returns their offset. */
        int take(long length) {
            check(length >= 0 && length <= bytes.length - at);
            int from = at;
            at += (int) length;
            return from;
        }

        void skip(int depth) {
            check(depth < MAX_DEPTH && at < bytes.length);
            int major = bytes[at] >> 5 & 7;
            long value = value();
            if (major == BYTES || major == TEXT) {
                take(value);
            } else if (major == ARRAY || major == MAP) {
                check(value >= 0 && value <= bytes.length - at);
                skipItems(major == MAP ? value * 2 : value, depth);
            } else if (major == TAG) {
                skip(depth + 1);
            }
        }

        private void skipItems(long items, int depth) {
            for (long i = 0; i < items; i++) {
                skip(depth + 1);
            }
        }

        private static void check(boolean holds) {
            if (!holds) {
                throw new IllegalArgumentException();
            }
        }
    }
}
