package dev.jetstream.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A line writer for standard output that buffers fast lines and writes slow ones at once. It only writes whole lines.
 * Thread-safe.
 */
final class LineOutput {
    /** How long a line waits in the buffer at most. */
    static final Duration IDLE = Duration.ofMillis(20);

    private static final int BUFFER_BYTES = 64 << 10;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;
    private long flushedNanos = System.nanoTime() - IDLE.toNanos();

    LineOutput(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a line, which must not contain a line break.
     *
     * @throws IOException if the reader has gone
     */
    void line(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            if (length + bytes.length + 1 > buffer.length) {
                flush();
            }
            if (bytes.length + 1 > buffer.length) {
                out.write(bytes);
                out.write('\n');
                return;
            }
            System.arraycopy(bytes, 0, buffer, length, bytes.length);
            length += bytes.length;
            buffer[length++] = '\n';
            if (System.nanoTime() - flushedNanos >= IDLE.toNanos()) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    void flush() throws IOException {
        lock.lock();
        try {
            if (length > 0) {
                int bytes = length;
                length = 0;
                out.write(buffer, 0, bytes);
                out.flush();
            }
            flushedNanos = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Writes the buffer and blocks all later writes; gives up if a write is stuck. For the end of the process. */
    void finish() {
        try {
            if (lock.tryLock(200, TimeUnit.MILLISECONDS)) {
                // Never unlocked: the end of the process would cut a later line.
                flush();
            }
        } catch (IOException e) {
            // The reader has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
