package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntUnaryOperator;

/** A socket whose appetite the test decides. */
final class FakeSocket implements Socket {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private volatile IntUnaryOperator appetite = offered -> offered;
    private final CompletableFuture<Events> events = new CompletableFuture<>();
    private volatile boolean awaiting;
    private volatile boolean finished;
    private volatile boolean aborted;
    private volatile int resumed;
    private volatile boolean soonWritable;

    /** Of so many bytes offered, how many are taken. */
    void appetite(IntUnaryOperator takes) {
        appetite = takes;
    }

    void reportTo(Events to) {
        events.complete(to);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        if (aborted) {
            throw new IOException("aborted");
        }
        int length = Math.min(bytes.remaining(), appetite.applyAsInt(bytes.remaining()));
        byte[] piece = new byte[length];
        bytes.get(piece);
        synchronized (taken) {
            taken.writeBytes(piece);
        }
        return length;
    }

    @Override
    public void awaitWritable() {
        awaiting = true;
        if (soonWritable) {
            ForkJoinPool.commonPool().execute(this::becomeWritable);
        }
    }

    /** From now on there is room again soon after a write was refused. */
    void soonWritable() {
        soonWritable = true;
    }

    /** Tells the subscriber that there is room again, if it waits for that. */
    boolean becomeWritable() {
        boolean waited = awaiting;
        if (waited) {
            awaiting = false;
            events.thenAccept(Events::onWritable);
        }
        return waited;
    }

    boolean isAwaited() {
        return awaiting;
    }

    @Override
    public void resumeReading() {
        resumed++;
    }

    int resumed() {
        return resumed;
    }

    @Override
    public void finish() {
        finished = true;
    }

    boolean isFinished() {
        return finished;
    }

    @Override
    public void abort() {
        if (!aborted) {
            aborted = true;
            events.thenAccept(Events::onGone);
        }
    }

    boolean isAborted() {
        return aborted;
    }

    @Override
    public String clientAddress() {
        return "192.0.2.1";
    }

    /** A whole frame that the client got. */
    record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }

        String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    /** All that was taken so far. */
    byte[] bytes() {
        synchronized (taken) {
            return taken.toByteArray();
        }
    }

    /** The whole frames taken so far. */
    List<Frame> frames() {
        byte[] bytes = bytes();
        List<Frame> frames = new ArrayList<>();
        int at = 0;
        while (true) {
            int header = FrameHeader.length(bytes, at, bytes.length);
            if (header < 0 || at + header > bytes.length) {
                return frames;
            }
            int end = at + header + (int) FrameHeader.payloadLength(bytes, at);
            if (end > bytes.length) {
                return frames;
            }
            frames.add(new Frame(FrameHeader.opcode(bytes, at), Arrays.copyOfRange(bytes, at + header, end)));
            at = end;
        }
    }

    /** The text messages taken so far. */
    List<String> texts() {
        return frames().stream()
                .filter(frame -> frame.opcode() == FrameHeader.TEXT)
                .map(Frame::text)
                .toList();
    }
}
