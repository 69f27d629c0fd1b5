package dev.jetstream.journal.codec;

import dev.jetstream.event.EventBlock;
import dev.jetstream.fuzz.FuzzTarget;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A block's bytes, behind a byte that says how they are to be taken: as they are, with a checksum that fits them, or,
 * compressed and with all else made to fit, as a body. They are damaged, with a sentence; or whole, and then the block comes
 * back from its own encoding.
 */
public final class BlockFuzz implements FuzzTarget {
    private static final int CRC_AT = 2;
    private static final int FIELDS_AT = 6;

    @Override
    public String take(byte[] input) {
        if (input.length == 0) {
            return "empty";
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        return switch (Math.floorMod(input[0], 4)) {
            case 0 -> read(bytes);
            case 1 -> read(withChecksum(bytes));
            case 2 -> read(withChecksum(asBody(1, bytes)));
            default -> read(withChecksum(asBody(2, bytes)));
        };
    }

    private static String read(byte[] bytes) {
        if (!(BlockCodec.read(bytes) instanceof JournaledBlock stored)) {
            return reason((Damaged) BlockCodec.read(bytes));
        }
        if (!(BlockCodec.decode(stored) instanceof StoredBlock.Whole whole)) {
            return reason((Damaged) BlockCodec.decode(stored));
        }
        EventBlock block = whole.block();
        JournaledBlock again =
                (JournaledBlock) BlockCodec.read(BlockCodec.encode(block).bytes());
        StoredBlock.Whole back = (StoredBlock.Whole) BlockCodec.decode(again);
        if (!Blocks.dump(back.block()).equals(Blocks.dump(block))) {
            throw new AssertionError("another block after encoding: " + Blocks.dump(block));
        }
        return GOOD;
    }

    private static String reason(Damaged damaged) {
        if (damaged.reason().isEmpty()) {
            throw new AssertionError("no reason");
        }
        return damaged.reason().replaceAll("\\d+", "N");
    }

    /** The fields are those of the first seed; how many events, and the size, are what the body says. */
    private static byte[] asBody(int version, byte[] body) {
        int count = body.length == 0 ? 1 : 1 + (body[body.length - 1] & 7);
        ByteWriter content = new ByteWriter(64);
        content.put(body, 0, body.length);
        ByteWriter out = new ByteWriter(64);
        out.putByte(BlockCodec.MAGIC);
        out.putByte(version);
        out.put(new byte[4], 0, 4);
        long[] fields = {1, 3, count, Blocks.START_US, count - 1, 8, 1004, body.length};
        for (long field : fields) {
            out.putVarint(field);
        }
        return BlockDictionary.of(1).compress(content, out);
    }

    private static byte[] withChecksum(byte[] bytes) {
        if (bytes.length > FIELDS_AT) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, CRC_AT);
            crc.update(bytes, FIELDS_AT, bytes.length - FIELDS_AT);
            for (int i = 0; i < 4; i++) {
                bytes[CRC_AT + i] = (byte) (crc.getValue() >>> 8 * i);
            }
        }
        return bytes;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int count = 1; count <= 8; count++) {
            EventBlock block = Blocks.block(3, count, Blocks.START_US, 8);
            addSeeds(seeds, 2, block);
            addSeeds(seeds, 3, Blocks.covering(block.upstream().with("wss://other.example", 7), block));
        }
        return seeds;
    }

    private static void addSeeds(List<byte[]> seeds, int asBody, EventBlock block) {
        byte[] encoded = BlockCodec.encode(block).bytes();
        seeds.add(behind(0, encoded, encoded.length));
        seeds.add(behind(1, encoded, encoded.length));
        ByteWriter body = new ByteWriter(64);
        BlockBody.write(block, body);
        // The last byte of a message says how many there are: it is one of the last one's text.
        byte[] bytes = Arrays.copyOf(body.array(), body.size());
        bytes[bytes.length - 1] = (byte) (0x78 | block.count() - 1);
        seeds.add(behind(asBody, bytes, bytes.length));
    }

    private static byte[] behind(int how, byte[] bytes, int length) {
        byte[] input = new byte[1 + length];
        input[0] = (byte) how;
        System.arraycopy(bytes, 0, input, 1, length);
        return input;
    }

    /** A block of zeros may be thousands of times larger than its bytes. */
    @Override
    public long mostAllocated(int inputBytes) {
        return (64L << 20) + (1L << 17) * inputBytes;
    }
}
