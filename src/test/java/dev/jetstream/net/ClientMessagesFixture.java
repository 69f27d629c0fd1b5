package dev.jetstream.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Frames of clients, masked, read in pieces, and what is told of them. */
abstract class ClientMessagesFixture {
    static final int MAX = 1_000;

    final HeldBuffer.Budget held = new HeldBuffer.Budget(10_000);

    /** Notes what is told, a line each. */
    static final class Told implements ClientMessages.Sink {
        final List<String> lines = new ArrayList<>();

        @Override
        public void text(byte[] utf8) {
            lines.add("text " + new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void ping(byte[] payload) {
            lines.add("ping " + new String(payload, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void close(int code) {
            lines.add("close " + code);
        }

        @Override
        public void fault(int code, String reason) {
            lines.add("fault " + code + " " + reason);
        }
    }

    /** A frame with any first byte, masked with a key that depends on its length. */
    static byte[] frame(int firstByte, byte[] payload) {
        byte[] key = {(byte) payload.length, 7, -1, 0x5A};
        byte[] plain = FrameHeader.frame(firstByte & 0xF, payload);
        int head = FrameHeader.size(payload.length);
        byte[] out = new byte[plain.length + 4];
        System.arraycopy(plain, 0, out, 0, head);
        out[0] = (byte) firstByte;
        out[1] |= (byte) 0x80;
        System.arraycopy(key, 0, out, head, 4);
        System.arraycopy(payload, 0, out, head + 4, payload.length);
        FrameHeader.unmask(out, head + 4, out.length, key, 0, 0);
        return out;
    }

    static byte[] frame(int firstByte, String payload) {
        return frame(firstByte, payload.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    static byte[] bytes(String hex) {
        String digits = hex.replace(" ", "");
        byte[] out = new byte[digits.length() / 2];
        for (int i = 0; i < out.length; i++) {
            out[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), 16);
        }
        return out;
    }

    /** Reads all of it, in pieces whose sizes the random numbers give, and as often as reading stops behind a text. */
    List<String> read(byte[] stream, Random sizes) {
        Told told = new Told();
        ClientMessages frames = new ClientMessages(MAX, held, told);
        byte[] copy = stream.clone();
        int at = 0;
        int end = 0;
        while (at < copy.length) {
            end = Math.max(end, Math.min(copy.length, at + (sizes == null ? copy.length : 1 + sizes.nextInt(9))));
            at = frames.read(copy, at, end);
            frames.messageDone();
        }
        frames.release();
        assertThat(held.held()).isZero();
        return told.lines;
    }

    List<String> read(byte[]... stream) {
        List<String> whole = read(join(stream), null);
        assertThat(read(join(stream), new Random(1))).isEqualTo(whole);
        return whole;
    }
}
