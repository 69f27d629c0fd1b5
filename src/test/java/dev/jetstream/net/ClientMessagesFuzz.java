package dev.jetstream.net;

import dev.jetstream.fuzz.FuzzTarget;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A client's websocket stream, behind a byte that says how reads cut it. It says the same however it is cut, texts are UTF-8
 * and not above the limit, a fault has a code that may be sent, nothing is told behind the end, and all that was held is given
 * back.
 */
public final class ClientMessagesFuzz implements FuzzTarget {
    private static final int MAX_MESSAGE_BYTES = 5_000;

    private final HeldBuffer.Budget held = new HeldBuffer.Budget(3L * MAX_MESSAGE_BYTES);

    @Override
    public String take(byte[] input) throws CharacterCodingException {
        if (input.length == 0) {
            return "empty";
        }
        Random random = new Random(input[0]);
        int most = 1 << random.nextInt(12);
        List<String> whole = read(input, null, 0);
        List<String> cut = read(input, random, most);
        if (!whole.equals(cut)) {
            throw new AssertionError("read at once: " + whole + ", in pieces: " + cut);
        }
        String end = whole.isEmpty() ? "nothing" : whole.get(whole.size() - 1);
        return end.startsWith("close") && whole.size() > 1 ? GOOD : end.startsWith("fault") ? end : "open";
    }

    private List<String> read(byte[] input, Random random, int most) throws CharacterCodingException {
        Told told = new Told();
        ClientMessages frames = new ClientMessages(MAX_MESSAGE_BYTES, held, told);
        byte[] bytes = input.clone();
        int at = 1;
        int end = 1;
        while (at < bytes.length) {
            end = Math.max(end, random == null ? bytes.length : Math.min(bytes.length, at + 1 + random.nextInt(most)));
            int next = frames.read(bytes, at, end);
            frames.messageDone();
            if (next < at || next > end) {
                throw new AssertionError("read from " + at + " to " + next + " of " + end);
            }
            at = next;
        }
        frames.release();
        if (held.held() != 0) {
            throw new AssertionError("still holds " + held.held() + " bytes");
        }
        for (byte[] text : told.texts) {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
        }
        return told.lines;
    }

    /** Notes what is told, a line each. */
    private static final class Told implements ClientMessages.Sink {
        private final List<String> lines = new ArrayList<>();
        private final List<byte[]> texts = new ArrayList<>();
        private boolean ended;

        private void say(String line) {
            if (ended) {
                throw new AssertionError(line + " behind the end: " + lines);
            }
            lines.add(line);
        }

        @Override
        public void text(byte[] utf8) {
            if (utf8.length > MAX_MESSAGE_BYTES) {
                throw new AssertionError("a text of " + utf8.length + " bytes");
            }
            texts.add(utf8);
            say("text " + utf8.length + " " + Arrays.hashCode(utf8));
        }

        @Override
        public void ping(byte[] payload) {
            say("ping " + Arrays.toString(payload));
        }

        @Override
        public void close(int code) {
            say("close " + code);
            ended = true;
        }

        @Override
        public void fault(int code, String reason) {
            if (!CloseFrame.mayBeSent(code) || reason.isEmpty()) {
                throw new AssertionError("fault " + code + " " + reason);
            }
            say("fault " + code + " " + reason);
            ended = true;
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
        frame(out, random, 0x80 | FrameHeader.TEXT, "{\"type\":\"options_update\",\"payload\":{}}");
        for (int i = random.nextInt(6); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> frame(out, random, 0x80 | FrameHeader.PING, "p".repeat(random.nextInt(126)));
                case 1 -> frame(out, random, 0x80 | FrameHeader.BINARY, "b".repeat(random.nextInt(300)));
                case 2 -> {
                    frame(out, random, FrameHeader.TEXT, "zwölf 漢字 ".repeat(random.nextInt(20)));
                    frame(out, random, 0x80 | FrameHeader.PONG, "");
                    frame(out, random, 0x80 | FrameHeader.CONTINUATION, "😀".repeat(random.nextInt(50)));
                }
                default -> frame(out, random, 0x80 | FrameHeader.TEXT, "t".repeat(random.nextInt(1_000)));
            }
        }
        frame(out, random, 0x80 | FrameHeader.CLOSE, "\u0003" + "\u0069bye");
        return out.toByteArray();
    }

    private static void frame(ByteArrayOutputStream out, Random random, int firstByte, String text) {
        byte[] key = new byte[4];
        random.nextBytes(key);
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        if ((firstByte & 0xF) == FrameHeader.CLOSE) {
            payload[1] = (byte) 0xE8;
        }
        byte[] plain = FrameHeader.frame(firstByte & 0xF, payload);
        plain[0] = (byte) firstByte;
        plain[1] |= (byte) 0x80;
        int header = plain.length - payload.length;
        FrameHeader.unmask(plain, header, plain.length, key, 0, 0);
        out.write(plain, 0, header);
        out.writeBytes(key);
        out.write(plain, header, payload.length);
    }
}
