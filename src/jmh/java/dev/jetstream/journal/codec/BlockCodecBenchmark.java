package dev.jetstream.journal.codec;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;
import dev.jetstream.event.MadeUp;
import dev.jetstream.stream.Encoding;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A block into the journal's bytes and back, and into the other forms that subscribers are sent. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BlockCodecBenchmark {
    @Param({"3", "20", "900"})
    public int events;

    private EventBlock block;
    private JournaledBlock stored;
    private Encoding v0;
    private Encoding zstd;

    @Setup
    public void prepare() {
        block = MadeUp.block(events);
        stored = BlockCodec.encode(block);
        V1Stream forms = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1);
        v0 = forms.encoding(Format.V0, false);
        zstd = forms.encoding(Format.V1, true);
    }

    @Benchmark
    public Object encode() {
        return BlockCodec.encode(block);
    }

    @Benchmark
    public Object decode() {
        return BlockCodec.decode(stored);
    }

    @Benchmark
    public Frames asV0() {
        return v0.render(block);
    }

    @Benchmark
    public Frames asZstd() {
        return zstd.render(block);
    }
}
