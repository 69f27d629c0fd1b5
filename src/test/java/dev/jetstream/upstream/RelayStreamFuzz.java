package dev.jetstream.upstream;

import dev.jetstream.fuzz.FuzzTarget;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/**
 * The relay's websocket stream, behind a byte that says how reads cut it. Messages, answers, what is skipped and the end are
 * the same however it is cut, and no message is above the limit.
 */
public final class RelayStreamFuzz implements FuzzTarget {
    private static final int MAX_MESSAGE_BYTES = 40_000;
    private static final Connection CONNECTION = new Connection(1, false, "ws://relay.example/");

    private final List<String> told = new ArrayList<>();
    private final MessageReader reader =
            new MessageReader(16 << 10, MAX_MESSAGE_BYTES, (why, bytes) -> told.add("skipped " + why + " " + bytes));

    @Override
    public String take(byte[] input) throws IOException {
        if (input.length == 0) {
            return "empty";
        }
        Random random = new Random(input[0]);
        int most = 1 << random.nextInt(12);
        List<String> whole = read(input, () -> Integer.MAX_VALUE);
        List<String> cut = read(input, () -> 1 + random.nextInt(most));
        if (!whole.equals(cut)) {
            throw new AssertionError("read at once: " + whole + ", in pieces: " + cut);
        }
        String end = whole.get(whole.size() - 1);
        return end.startsWith("end CLOSED") && whole.size() > 1 ? GOOD : end;
    }

    /** What it all says, a line each; the end is the last one. */
    private List<String> read(byte[] input, IntSupplier pieces) throws IOException {
        told.clear();
        List<String> messages = new ArrayList<>();
        Pieces relay = new Pieces(input, pieces);
        reader.start(ByteBuffer.allocate(0));
        while (true) {
            try {
                FrameBatch batch = reader.next(relay, CONNECTION);
                for (int i = 0; i < batch.count(); i++) {
                    int length = batch.end(i) - batch.start(i);
                    if (length > MAX_MESSAGE_BYTES) {
                        throw new AssertionError("a message of " + length + " bytes");
                    }
                    byte[] message = Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i));
                    messages.add("message " + length + " " + Arrays.hashCode(message));
                }
                batch.release(batch.count());
            } catch (ConnectionEnd end) {
                messages.addAll(told);
                messages.add("end " + end.reason() + " " + end.getMessage());
                return messages;
            }
        }
    }

    /** The bytes behind the first. Pongs are looked at for their form only: the latest ping is answered. */
    private static final class Pieces extends InPieces {
        Pieces(byte[] bytes, IntSupplier size) {
            super(bytes, 1, size);
        }

        @Override
        public void write(ByteBuffer from) {
            byte[] frame = new byte[from.remaining()];
            from.get(frame);
            int opcode = FrameHeader.opcode(frame, 0);
            boolean isControl = opcode == FrameHeader.PONG || opcode == FrameHeader.CLOSE;
            if (!isControl || !FrameHeader.isMasked(frame, 0) || frame.length > 6 + FrameHeader.MAX_CONTROL_PAYLOAD) {
                throw new AssertionError("no frame that a client may send: " + Arrays.toString(frame));
            }
        }
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int seed = 0; seed < 30; seed++) {
            seeds.add(stream(new Random(seed)));
        }
        return seeds;
    }

    private static byte[] stream(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(random.nextInt(256));
        frame(out, 0x80 | FrameHeader.BINARY, random.nextInt(300));
        for (int i = random.nextInt(6); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> frame(out, 0x80 | FrameHeader.PING, random.nextInt(126));
                case 1 -> frame(out, 0x80 | FrameHeader.TEXT, random.nextInt(300));
                case 2 -> {
                    frame(out, FrameHeader.BINARY, random.nextInt(200));
                    frame(out, 0x80 | FrameHeader.PONG, random.nextInt(10));
                    frame(out, FrameHeader.CONTINUATION, random.nextInt(200));
                    frame(out, 0x80 | FrameHeader.CONTINUATION, random.nextInt(200));
                }
                case 3 ->
                    frame(out, 0x80 | FrameHeader.BINARY, random.nextInt(random.nextInt(4) == 0 ? 60_000 : 2_000));
                default -> frame(out, 0x80 | FrameHeader.BINARY, random.nextInt(130));
            }
        }
        byte[] close = {(byte) (0x80 | FrameHeader.CLOSE), 2, 3, (byte) 0xE9};
        out.writeBytes(close);
        return out.toByteArray();
    }

    private static void frame(ByteArrayOutputStream out, int firstByte, int length) {
        byte[] frame = FrameHeader.frame(firstByte & 0xF, new byte[length]);
        frame[0] = (byte) firstByte;
        out.writeBytes(frame);
    }
}
