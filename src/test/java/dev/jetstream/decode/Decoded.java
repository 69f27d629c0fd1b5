package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventBlock;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.Connection;
import dev.jetstream.upstream.FrameBatch;
import dev.jetstream.websocket.FrameHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What a decoder made of some frames, as text, with the framing checked on the way. */
record Decoded(DecodedFrames frames, List<String> messages, Map<DropReason, Integer> drops) {
    private static final Connection CONNECTION = new Connection(1, false, "relay.test");

    /** Decodes with a decoder of its own, on which no fault may be reported. */
    static Decoded of(byte[]... frames) {
        return with(decoder(), frames);
    }

    static FrameDecoder decoder() {
        return new FrameDecoder(
                (fault, batch, frame) -> {
                    throw new AssertionError("the decoder failed on frame " + frame, fault);
                },
                new ArrayPool(FrameDecoder.OUTPUT_BYTES, 1));
    }

    static Decoded with(FrameDecoder decoder, byte[]... frames) {
        return of(decoder.decode(batch(frames)));
    }

    /** Frames back to back, with foreign bytes before, between and behind them. */
    static FrameBatch batch(byte[]... frames) {
        int gap = 3;
        byte[] bytes = new byte
                [Arrays.stream(frames).mapToInt(frame -> frame.length + gap).sum() + gap];
        Arrays.fill(bytes, (byte) 0x61);
        int[] starts = new int[frames.length];
        int[] ends = new int[frames.length];
        int at = gap;
        for (int i = 0; i < frames.length; i++) {
            System.arraycopy(frames[i], 0, bytes, at, frames[i].length);
            starts[i] = at;
            ends[i] = at + frames[i].length;
            at = ends[i] + gap;
        }
        return new FrameBatch(bytes, frames.length, starts, ends, CONNECTION, 1_780_000_000_000_000L);
    }

    static Decoded of(DecodedFrames frames) {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < frames.count(); i++) {
            messages.add(message(frames, i));
        }
        Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            if (frames.drops()[reason.ordinal()] != 0) {
                drops.put(reason, frames.drops()[reason.ordinal()]);
            }
        }
        return new Decoded(frames, messages, drops);
    }

    private static String message(DecodedFrames frames, int i) {
        byte[] bytes = frames.bytes();
        int start = frames.start(i);
        int end = frames.ends()[i];
        int header = FrameHeader.length(bytes, start, end);
        assertThat(bytes[start] & 0xFF).as("final text frame").isEqualTo(0x81);
        assertThat(FrameHeader.isMasked(bytes, start)).isFalse();
        assertThat(FrameHeader.payloadLength(bytes, start)).isEqualTo(end - start - header);
        assertThat(header).isEqualTo(FrameHeader.size(end - start - header));
        String json = new String(bytes, start + header, end - start - header, UTF_8);
        String did = new String(bytes, start + header + EventBlock.BEFORE_DID.length(), frames.didLengths()[i], UTF_8);
        String hole = "0".repeat(EventBlock.TIME_DIGITS);
        assertThat(json).startsWith(EventBlock.BEFORE_DID + did + EventBlock.BEFORE_TIME + hole + ",\"kind\":\"");
        return json.replaceFirst(hole, "0");
    }

    /** The only message. */
    String message() {
        assertThat(drops).isEmpty();
        assertThat(messages).hasSize(1);
        return messages.get(0);
    }
}
