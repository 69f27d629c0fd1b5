package dev.jetstream.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines on their way to standard output: buffered while they come fast, written at once when they come slowly. Only whole lines
 * are ever written. Any thread.
 */
final class LineOutput {
    /** The longest that a line waits in the buffer. */
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
     * Writes a line, which must not hold a line break.
     *
     * @throws IOException when the reader is gone
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

    /** Writes what is buffered, and nothing afterwards; gives up where a write is stuck. For the end of the process. */
    void finish() {
        try {
            if (lock.tryLock(200, TimeUnit.MILLISECONDS)) {
                // Held for good: a line that comes now would be cut by the process's end.
                flush();
            }
        } catch (IOException e) {
            // The reader is gone, and so is the process.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
