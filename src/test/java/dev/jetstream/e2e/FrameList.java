package dev.jetstream.e2e;

import dev.jetstream.relay.FrameBatch;
import dev.jetstream.relay.FrameSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A relay's stream of any bytes, frame by frame, each under a seq that the test gives it. */
final class FrameList implements FrameSource {
    private record Entry(long seq, byte[] frame) {}

    private final List<Entry> entries = new ArrayList<>();

    synchronized void add(long seq, byte[] frame) {
        entries.add(new Entry(seq, frame));
        notifyAll();
    }

    /** From the start without a cursor, so that no test has to wait for the first client. */
    @Override
    public synchronized Opening open(OptionalLong cursor) {
        int at = 0;
        while (cursor.isPresent() && at < entries.size() && entries.get(at).seq() <= cursor.getAsLong()) {
            at++;
        }
        return new Opened(new Reader(at), false);
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    private final class Reader implements FrameReader {
        private int at;

        Reader(int at) {
            this.at = at;
        }

        @Override
        public boolean read(FrameBatch into, long waitNanos) throws InterruptedException {
            synchronized (FrameList.this) {
                if (at == entries.size()) {
                    FrameList.this.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos)));
                }
                while (at < entries.size() && !into.isFull()) {
                    into.message(entries.get(at++).frame());
                }
                return true;
            }
        }
    }
}
