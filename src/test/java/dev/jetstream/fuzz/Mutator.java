package dev.jetstream.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes bad inputs from good ones: the same seed makes the same ones, in the same order. */
final class Mutator {
    /** Inputs grow no larger than this. */
    static final int MAX_BYTES = 1 << 20;

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        23,
        24,
        125,
        126,
        127,
        128,
        255,
        256,
        0x7FFF,
        0x8000,
        0xFFFF,
        0x10000,
        0x7FFF_FFFFL,
        0x8000_0000L,
        0xFFFF_FFFFL,
        1L << 53,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    /** Heads of CBOR items that are seldom: indefinite lengths, breaks, huge lengths, floats, bignums, tags, reserved. */
    private static final int[][] HEADS = {
        {0x5F},
        {0x7F},
        {0x9F},
        {0xBF},
        {0xFF},
        {0xF6},
        {0xF7},
        {0xF8, 0x20},
        {0xF9, 0x7E, 0x00},
        {0xF9, 0x3C, 0x00},
        {0xFA, 0x3F, 0xC0, 0x00, 0x00},
        {0xFB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0},
        {0xC2, 0x41, 0x01},
        {0xC3, 0x40},
        {0xD8, 0x2A, 0x41, 0x00},
        {0xD8, 0x2A, 0x58, 0x25, 0x00, 0x01, 0x71, 0x12, 0x20},
        {0x1B, 0x80, 0, 0, 0, 0, 0, 0, 0},
        {0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0},
        {0x5B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
        {0x7A, 0x7F, 0xFF, 0xFF, 0xFF},
        {0x9A, 0x00, 0x01, 0xFF, 0xFF},
        {0xBB, 0x40, 0, 0, 0, 0, 0, 0, 0},
        {0xBA, 0, 2, 0, 1},
        {0x18, 0x01},
        {0x1C},
        {0x61, 0xFF},
        {0x62, 0xC3, 0x28},
        {0x63, 0xED, 0xA0, 0x80},
        {0x65, '$', 't', 'y', 'p', 'e'},
        {0x65, '$', 'l', 'i', 'n', 'k'},
        {0x64, 'b', 'l', 'o', 'b'},
        {0x81},
        {0xA1, 0x61, 'a'},
        {0xA0},
        {0x80}
    };

    private final Random random;
    private final List<byte[]> seeds;
    private final List<byte[]> words;

    Mutator(long seed, List<byte[]> seeds, List<byte[]> words) {
        this.random = new Random(seed);
        this.seeds = seeds;
        this.words = words;
    }

    /** The next bad input, in an array of its own. */
    byte[] next() {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        int changes = 1 + random.nextInt(random.nextInt(4) == 0 ? 16 : 3);
        for (int i = 0; i < changes; i++) {
            bytes = changed(bytes);
        }
        return bytes.length > MAX_BYTES ? Arrays.copyOf(bytes, MAX_BYTES) : bytes;
    }

    private byte[] changed(byte[] bytes) {
        int at = place(bytes.length + 1);
        int to = at + random.nextInt(1 + Math.min(bytes.length - at, random.nextInt(4) == 0 ? 4096 : 16));
        return switch (random.nextInt(14)) {
            case 0 -> flipped(bytes, at);
            case 1 -> spliced(bytes, at, Math.min(at + 1, bytes.length), new byte[] {(byte) random.nextInt(256)});
            case 2 -> Arrays.copyOf(bytes, at);
            case 3 -> spliced(bytes, at, to, new byte[0]);
            case 4 -> spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
            case 5 -> spliced(bytes, at, at, noise());
            case 6 -> spliced(bytes, at, to, noise());
            case 7 -> spliced(bytes, at, to, piece(seeds.get(random.nextInt(seeds.size()))));
            case 8, 9 -> number(bytes, at);
            case 10 -> spliced(bytes, at, random.nextBoolean() ? at : to, head());
            case 11 -> spliced(bytes, at, at, repeated());
            case 12 -> nudged(bytes, at);
            default ->
                words.isEmpty() ? flipped(bytes, at) : spliced(bytes, at, random.nextBoolean() ? at : to, word());
        };
    }

    /** One place of four lies near the beginning, where headers are. */
    private int place(int bound) {
        return random.nextInt(random.nextInt(4) > 0 ? bound : Math.min(bound, 64));
    }

    private byte[] flipped(byte[] bytes, int at) {
        if (at < bytes.length) {
            bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** A length that is wrong by a little. */
    private byte[] nudged(byte[] bytes, int at) {
        if (at < bytes.length) {
            bytes[at] += (byte) (random.nextInt(9) - 4);
        }
        return bytes;
    }

    private byte[] number(byte[] bytes, int at) {
        long number = NUMBERS[random.nextInt(NUMBERS.length)] + random.nextInt(3) - 1;
        int width = 1 << random.nextInt(4);
        boolean bigEndian = random.nextInt(4) > 0;
        for (int i = 0; i < width && at + i < bytes.length; i++) {
            bytes[at + i] = (byte) (number >>> 8 * (bigEndian ? width - 1 - i : i));
        }
        return bytes;
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(random.nextInt(8) == 0 ? 600 : 12)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] piece(byte[] of) {
        int from = place(of.length + 1);
        return Arrays.copyOfRange(of, from, from + random.nextInt(1 + Math.min(of.length - from, 2048)));
    }

    private byte[] head() {
        int[] head = HEADS[random.nextInt(HEADS.length)];
        byte[] bytes = new byte[head.length];
        for (int i = 0; i < head.length; i++) {
            bytes[i] = (byte) head[i];
        }
        return bytes;
    }

    /** One thing many times: nesting, huge counts, the same entry again. */
    private byte[] repeated() {
        byte[] one = words.isEmpty() || random.nextBoolean() ? head() : word();
        int most = random.nextInt(16) > 0 ? 40 : random.nextInt(4) > 0 ? 5_000 : MAX_BYTES / one.length;
        int times = 1 + random.nextInt(most);
        byte[] all = new byte[one.length * times];
        for (int i = 0; i < all.length; i++) {
            all[i] = one[i % one.length];
        }
        return all;
    }

    private byte[] word() {
        return words.get(random.nextInt(words.size()));
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] in) {
        byte[] out = new byte[bytes.length - (to - from) + in.length];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(in, 0, out, from, in.length);
        System.arraycopy(bytes, to, out, from + in.length, bytes.length - to);
        return out;
    }
}
