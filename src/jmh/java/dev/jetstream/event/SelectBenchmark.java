package dev.jetstream.event;

import dev.jetstream.stream.Encoding;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A filter over a block of 20 or of 900 events: what a subscriber with a filter of its own costs for each block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SelectBenchmark {
    @Param({"all", "one-collection", "prefix", "hundred-collections", "hundred-dids", "ten-thousand-dids", "size"})
    public String filter;

    @Param({"20", "900"})
    public int events;

    private EventBlock block;
    private Filter wishes;
    private Encoding v1;

    @Setup
    public void prepare() {
        block = MadeUp.block(events);
        v1 = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1).encoding(Format.V1, false);
        wishes = switch (filter) {
            case "all" -> Filter.ALL;
            case "one-collection" -> new Filter(List.of("app.bsky.feed.like"), List.of(), 0);
            case "prefix" -> new Filter(List.of("app.bsky.graph.*"), List.of(), 0);
            case "hundred-collections" -> new Filter(names("com.example.c", 100), List.of(), 0);
            case "hundred-dids" -> new Filter(List.of(), names("did:plc:aaaaaaaaaaaaaaaaaa", 100), 0);
            case "ten-thousand-dids" -> new Filter(List.of(), names("did:plc:aaaaaaaaaaaaaaaa", 10_000), 0);
            default -> new Filter(List.of(), List.of(), 500);
        };
    }

    private static List<String> names(String before, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(before + i);
        }
        return names;
    }

    @Benchmark
    public Selection select() {
        return block.select(wishes, v1, false);
    }
}
