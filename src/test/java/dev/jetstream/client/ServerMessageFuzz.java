package dev.jetstream.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import dev.jetstream.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message of a server that the client library reads, behind a byte: text or, compressed, binary, in two parts. It is an event
 * with all its fields, or skipped with a reason and a short excerpt; the next message is read as if nothing had been.
 */
public final class ServerMessageFuzz implements FuzzTarget {
    private static final int MAX_BYTES = 1 << 20;
    private static final String NEXT = "{\"did\":\"did:plc:a\",\"time_us\":5,\"kind\":\"account\",\"account\":"
            + "{\"active\":true,\"did\":\"did:plc:a\",\"seq\":7,\"time\":\"t\"}}";

    private final MessageAssembler assembler = new MessageAssembler(null, MAX_BYTES);

    @Override
    public String take(byte[] input) throws Exception {
        if (input.length == 0) {
            return "empty";
        }
        String outcome;
        try {
            String message = (input[0] & 1) == 0 ? text(input) : binary(input);
            outcome = parsed(message);
        } catch (MalformedEventException e) {
            if (e.excerpt().length() > 200 || e.getMessage().isEmpty()) {
                throw new AssertionError("no short excerpt", e);
            }
            outcome = e.getMessage().replaceFirst("(?s):.*|unknown operation.*", "");
        } catch (MessageAssembler.OversizedException e) {
            outcome = "oversized";
        } catch (JetstreamException e) {
            if (e.reason() != JetstreamException.Reason.DICTIONARY) {
                throw e;
            }
            outcome = "dictionary";
        }
        if (!parsed(assembler.text(NEXT, true)).equals(GOOD)) {
            throw new AssertionError("the next message is not read");
        }
        return outcome;
    }

    private String text(byte[] input) throws MessageAssembler.OversizedException {
        String text = new String(input, 1, input.length - 1, UTF_8);
        int middle = Math.min(text.length(), (input[0] & 0xFF) >> 1);
        assembler.text(text.substring(0, middle), false);
        return assembler.text(text.substring(middle), true);
    }

    private String binary(byte[] input) throws MessageAssembler.OversizedException, MalformedEventException {
        int middle = Math.min(input.length, 1 + ((input[0] & 0xFF) >> 1));
        assembler.binary(ByteBuffer.wrap(input, 1, middle - 1), false);
        return assembler.binary(ByteBuffer.wrap(input, middle, input.length - middle), true);
    }

    private static String parsed(String message) throws MalformedEventException {
        if (message.length() > MAX_BYTES) {
            throw new AssertionError("a message of " + message.length() + " chars");
        }
        long time = EventLine.timeUsOf(message);
        Optional<JetstreamEvent> event = EventParser.parse(message);
        if (event.isEmpty()) {
            return "unknown kind";
        }
        if (event.get().did() == null || event.get().json() == null) {
            throw new AssertionError("fields are missing: " + event.get());
        }
        return time == EventLine.NO_TIME ? "no time" : GOOD;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        String start = "{\"did\":\"did:plc:ewvi7nxzyoun6zhxrhs64oiz\",\"time_us\":1725911162329308,\"";
        String commit =
                "\"rev\":\"3l3qo2vutsw2b\",\"operation\":\"create\",\"collection\":\"app.bsky.feed.like\",\"rkey\":\"3l3qo2vuowo2b\"";
        for (String text : List.of(
                start + "kind\":\"commit\",\"commit\":{" + commit
                        + ",\"record\":{\"$type\":\"x\",\"n\":[1,{\"a\":null}]},\"cid\":\"bafy\"}}",
                start + "type\":\"com\",\"commit\":{" + commit.replace("operation\":\"create", "type\":\"d") + "}}",
                start
                        + "kind\":\"identity\",\"identity\":{\"did\":\"did:plc:a\",\"handle\":\"é.test\",\"seq\":1,\"time\":\"t\"}}",
                NEXT)) {
            byte[] utf8 = text.getBytes(UTF_8);
            seeds.add(behind(40, utf8));
            seeds.add(behind(41, Zstd.compress(utf8)));
        }
        return seeds;
    }

    private static byte[] behind(int how, byte[] bytes) {
        byte[] input = new byte[1 + bytes.length];
        input[0] = (byte) how;
        System.arraycopy(bytes, 0, input, 1, bytes.length);
        return input;
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.texts(
                "\"time_us\":",
                "\"did\":",
                "\"kind\":",
                "\"type\":",
                "\"commit\":",
                "\"operation\":",
                "\"record\":",
                "{",
                "}",
                "[",
                "]",
                ",",
                "null",
                "1e5",
                "9223372036854775808",
                "\\",
                "\"",
                "\\ud800");
    }
}
