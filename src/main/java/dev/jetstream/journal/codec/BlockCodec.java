package dev.jetstream.journal.codec;

import static dev.jetstream.event.EventBlock.TIME_DIGITS;

import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import java.util.zip.CRC32C;

/**
 * The bytes of a block in the journal.
 *
 * <pre>
 *   0        1         2          6                                                        bodyAt
 *   +--------+---------+----------+---------+------------+------------+--------------+------+-----------
 *   | magic  | version | CRC-32C  | dict-   | sequenceNr | count      | firstTimeUs  | ...  | body, zstd
 *   | 0x4A   | 1 or 2  | LE       | ionary  |            |            |              |      |
 *   +--------+---------+----------+---------+------------+------------+--------------+------+-----------
 *     1 byte   1 byte    4 bytes    varints, seven bits a byte, the low ones first:
 *                                   dictionary, sequenceNr, count, firstTimeUs, lastTimeUs - firstTimeUs,
 *                                   firstOrdinal, upstreamSeq + 1, bytes of the body uncompressed
 * </pre>
 *
 * The checksum covers the first two bytes and all that follows it. These six bytes mean the same in every future version. The
 * body is a zstd frame without magic number, content size or checksum; {@link BlockBody} describes its content.
 *
 * <p>Pure; any thread. Damaged bytes of any kind yield {@link Damaged}, never an exception, and never an allocation out of
 * proportion to the bytes at hand.
 */
public final class BlockCodec {
    /** The newest version; {@link BlockBody} says when it is written. */
    static final int VERSION = 2;

    /** The first byte of every block. */
    static final int MAGIC = 0x4A;

    private static final int CRC_AT = 2;
    private static final int FIELDS_AT = 6;

    /** A zstd frame holds at most this many times its own size: 128 KiB in a block of four bytes. */
    private static final long MAX_EXPANSION = 1L << 15;

    private static final int MAX_BODY = 1 << 30;
    private static final long MIN_TIME = power(TIME_DIGITS - 1);
    private static final long MAX_TIME = 10 * MIN_TIME - 1;

    private BlockCodec() {}

    /**
     * Encodes a block.
     *
     * @throws IllegalArgumentException if its messages are above 1 GiB, or a time does not have {@link EventBlock#TIME_DIGITS}
     *     digits
     */
    public static JournaledBlock encode(EventBlock block) {
        if (block.firstTimeUs() < MIN_TIME || block.lastTimeUs() > MAX_TIME) {
            throw new IllegalArgumentException("time_us without " + TIME_DIGITS + " digits: " + block);
        }
        ByteWriter body = ByteWriter.forBody();
        BlockBody.write(block, body);
        if (body.size() > MAX_BODY) {
            throw new IllegalArgumentException("block of " + body.size() + " bytes is too large to journal: " + block);
        }
        BlockDictionary dictionary = BlockDictionary.toWrite(body.size());
        ByteWriter out = ByteWriter.forBlock();
        out.putByte(MAGIC);
        int version = BlockBody.version(block.upstream());
        long upstreamSeq = BlockBody.firstSeq(block.upstream());
        out.putByte(version);
        out.put(new byte[4], 0, 4);
        out.putVarint(dictionary.id());
        out.putVarint(block.sequenceNr());
        out.putVarint(block.count());
        out.putVarint(block.firstTimeUs());
        out.putVarint(block.lastTimeUs() - block.firstTimeUs());
        out.putVarint(block.firstOrdinal());
        out.putVarint(upstreamSeq + 1);
        out.putVarint(body.size());
        int bodyAt = out.size();
        byte[] bytes = dictionary.compress(body, out);
        writeCrc(bytes, crc(bytes));
        ByteWriter.release();
        JournaledBlock.Header header = new JournaledBlock.Header(
                version,
                block.sequenceNr(),
                block.count(),
                block.firstTimeUs(),
                block.lastTimeUs(),
                block.firstOrdinal(),
                upstreamSeq,
                dictionary.id(),
                body.size(),
                bodyAt);
        return new JournaledBlock(header, bytes);
    }

    /** Reads the header and checks the checksum, which covers the body. */
    static StoredBlock read(byte[] bytes) {
        if (bytes.length <= FIELDS_AT || (bytes[0] & 0xFF) != MAGIC) {
            return new Damaged("not a block");
        }
        if (readCrc(bytes) != crc(bytes)) {
            return new Damaged("checksum does not fit");
        }
        int version = bytes[1] & 0xFF;
        if (version < 1 || version > VERSION) {
            return new Damaged("format version " + version + ", this program knows " + VERSION, version > VERSION);
        }
        JournaledBlock.Header header = readHeader(version, new ByteReader(bytes, FIELDS_AT, bytes.length));
        if (header == null) {
            return new Damaged("header is malformed");
        }
        if (BlockDictionary.of(header.dictionary()) == null) {
            return new Damaged("dictionary " + header.dictionary() + " is not known", true);
        }
        if (header.bodySize() > (bytes.length - header.bodyAt()) * MAX_EXPANSION) {
            return new Damaged("body of " + header.bodySize() + " bytes cannot be in so few");
        }
        return new JournaledBlock(header, bytes);
    }

    private static JournaledBlock.Header readHeader(int version, ByteReader from) {
        int dictionary = from.varint(Integer.MAX_VALUE);
        long sequenceNr = from.varint(Long.MAX_VALUE);
        int count = from.varint(MAX_BODY);
        long firstTimeUs = from.varint(MAX_TIME);
        long span = from.varint(MAX_TIME - firstTimeUs);
        long firstOrdinal = from.varint(Long.MAX_VALUE - MAX_BODY);
        long upstreamSeq = from.varint() - 1;
        int bodySize = from.varint(MAX_BODY);
        if (from.isBad() || count == 0 || count > bodySize || firstTimeUs < MIN_TIME) {
            return null;
        }
        return new JournaledBlock.Header(
                version,
                sequenceNr,
                count,
                firstTimeUs,
                firstTimeUs + span,
                firstOrdinal,
                upstreamSeq,
                dictionary,
                bodySize,
                from.at());
    }

    /** Decompresses the body and builds the block. */
    public static StoredBlock decode(JournaledBlock stored) {
        JournaledBlock.Header header = stored.header();
        BlockDictionary dictionary = BlockDictionary.of(header.dictionary());
        ByteWriter body = ByteWriter.forBody();
        try {
            body.reserve(header.bodySize());
            String flaw = dictionary.decompress(stored.bytes(), header.bodyAt(), body.array(), header.bodySize());
            return flaw != null ? new Damaged(flaw) : BlockBody.read(header, body.array());
        } finally {
            ByteWriter.release();
        }
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_AT);
        crc.update(bytes, FIELDS_AT, bytes.length - FIELDS_AT);
        return (int) crc.getValue();
    }

    private static void writeCrc(byte[] bytes, int crc) {
        for (int i = 0; i < 4; i++) {
            bytes[CRC_AT + i] = (byte) (crc >>> 8 * i);
        }
    }

    private static int readCrc(byte[] bytes) {
        int crc = 0;
        for (int i = 3; i >= 0; i--) {
            crc = crc << 8 | bytes[CRC_AT + i] & 0xFF;
        }
        return crc;
    }

    private static long power(int exponent) {
        long value = 1;
        for (int i = 0; i < exponent; i++) {
            value *= 10;
        }
        return value;
    }
}
