package dev.jetstream.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Something that takes bytes from outside, with what must hold for any bytes. Has a public constructor without parameters; one
 * thread at a time uses it.
 */
public interface FuzzTarget {
    /** What {@link #take} says of an input that was read to its end and found good. */
    String GOOD = "good";

    /**
     * Takes one input, which it may change.
     *
     * @return {@link #GOOD}, or in a word or two what was wrong with it
     * @throws Exception or an {@link Error}: a finding
     */
    String take(byte[] input) throws Exception;

    /** Good inputs, made by the project's own encoders, which mutations start from. */
    List<byte[]> seeds() throws Exception;

    /** More of them that were captured, where there are any: for long runs only. */
    default List<byte[]> captured() throws Exception {
        return List.of();
    }

    /** Words of the input's language, which mutations put in. */
    default List<byte[]> words() {
        return List.of();
    }

    /** Words of a text's language, one byte a char. */
    static List<byte[]> texts(String... words) {
        return Arrays.stream(words)
                .map(word -> word.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** Mutations that a run of the tests tries. */
    default int tries() {
        return 3_000;
    }

    /** Most bytes that the thread may allocate for one input, the oracle's own included. */
    default long mostAllocated(int inputBytes) {
        return (8L << 20) + 400L * inputBytes;
    }
}
