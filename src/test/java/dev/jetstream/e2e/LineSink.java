package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDictDecompress;
import dev.jetstream.relay.V1Lines;
import dev.jetstream.websocket.FrameHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps the messages it gets as text with {@code time_us} 0, read in the way that was asked for: plain, or zstd. */
final class LineSink implements EventClient.Sink {
    private final int opcode;
    private final byte[] dictionary;
    private final ZstdDictDecompress unpacker;
    private final List<String> lines = new ArrayList<>();

    private LineSink(int opcode, byte[] dictionary) {
        this.opcode = opcode;
        this.dictionary = dictionary;
        unpacker = dictionary == null || dictionary.length == 0 ? null : new ZstdDictDecompress(dictionary);
    }

    static LineSink plain() {
        return new LineSink(FrameHeader.TEXT, null);
    }

    /** @param dictionary what the frames must be made with; empty for none */
    static LineSink zstd(byte[] dictionary) {
        return new LineSink(FrameHeader.BINARY, dictionary);
    }

    @Override
    public void message(int gotOpcode, byte[] bytes, int from, int to) {
        assertThat(gotOpcode).isEqualTo(opcode);
        byte[] message = Arrays.copyOfRange(bytes, from, to);
        String line = new String(dictionary == null ? message : unpack(message), StandardCharsets.UTF_8);
        synchronized (lines) {
            lines.add(V1Lines.withoutTime(line));
        }
    }

    private byte[] unpack(byte[] frame) {
        assertThat(Zstd.getDictIdFromFrame(frame)).isEqualTo(Zstd.getDictIdFromDict(dictionary));
        int size = (int) Zstd.getFrameContentSize(frame);
        return unpacker == null ? Zstd.decompress(frame, size) : Zstd.decompress(frame, unpacker, size);
    }

    /** How many came so far. */
    int size() {
        synchronized (lines) {
            return lines.size();
        }
    }

    /** What came so far. */
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
