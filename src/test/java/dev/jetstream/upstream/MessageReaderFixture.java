package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.upstream.UpstreamMetrics.Skipped;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;

/** A relay's bytes, read in pieces, and what comes of them. */
abstract class MessageReaderFixture {
    static final int BUFFER_BYTES = 16 * 1024;
    static final int MAX_MESSAGE_BYTES = 100_000;
    static final Connection CONNECTION = new Connection(1, false, "ws://relay.example/");

    final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    final List<byte[]> messages = new ArrayList<>();
    final List<byte[]> replies = new ArrayList<>();
    final List<String> skipped = new ArrayList<>();

    /** The stream's bytes; what is written is kept. */
    final class Pieces extends InPieces {
        Pieces(IntSupplier size) {
            super(stream.toByteArray(), 0, size);
        }

        @Override
        public void write(ByteBuffer from) {
            byte[] reply = new byte[from.remaining()];
            from.get(reply);
            replies.add(reply);
        }
    }

    MessageReader reader() {
        return new MessageReader(
                BUFFER_BYTES, MAX_MESSAGE_BYTES, (Skipped why, long bytes) -> skipped.add(why + " " + bytes));
    }

    /** Reads to the end of the stream. */
    ConnectionEnd readAll(IntSupplier pieceSize) throws IOException {
        return readAll(reader(), pieceSize);
    }

    ConnectionEnd readAll(MessageReader reader, IntSupplier pieceSize) throws IOException {
        Transport relay = new Pieces(pieceSize);
        reader.start(ByteBuffer.allocate(0));
        while (true) {
            try {
                FrameBatch batch = reader.next(relay, CONNECTION);
                assertThat(batch.count()).isBetween(1, MessageReader.MAX_FRAMES);
                assertThat(batch.connection()).isSameAs(CONNECTION);
                for (int i = 0; i < batch.count(); i++) {
                    messages.add(Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i)));
                }
            } catch (ConnectionEnd end) {
                return end;
            }
        }
    }

    static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    void frame(int opcode, boolean isFinal, byte[] payload) {
        byte[] frame = FrameHeader.frame(opcode, payload);
        if (!isFinal) {
            frame[0] &= 0x7F;
        }
        stream.writeBytes(frame);
    }

    void binary(byte[] payload) {
        frame(FrameHeader.BINARY, true, payload);
    }

    /** First two bytes of a client's frame as they are, then its payload in the clear. */
    static int[] unmasked(byte[] frame) {
        byte[] payload = Arrays.copyOfRange(frame, 6, frame.length);
        FrameHeader.unmask(payload, 0, payload.length, frame, 2, 0);
        int[] out = new int[2 + payload.length];
        out[0] = frame[0] & 0xFF;
        out[1] = frame[1] & 0xFF;
        for (int i = 0; i < payload.length; i++) {
            out[2 + i] = payload[i] & 0xFF;
        }
        return out;
    }
}
