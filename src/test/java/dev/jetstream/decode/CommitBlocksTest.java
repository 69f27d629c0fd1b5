package dev.jetstream.decode;

import static dev.jetstream.decode.CommitTest.decode;
import static dev.jetstream.decode.CommitTest.text;
import static dev.jetstream.decode.Frame.car;
import static dev.jetstream.decode.Frame.commit;
import static dev.jetstream.decode.Frame.header;
import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.Frame.op;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A commit's CAR, the records found in it, and what one frame may give. */
class CommitBlocksTest {
    private static final String LIKE = "app.bsky.feed.like/3abc";
    private static final byte[] RECORD = Cbor.of(map("$type", "app.bsky.feed.like"));
    private static final byte[] CID = Cbor.cid(RECORD);

    @Test
    void aRecordThatTheCarLacksIsDropped() {
        byte[] missing = Cbor.cid(new byte[] {9});

        Decoded decoded = decode(List.of(op("create", LIKE, missing), op("create", LIKE, CID)), car(RECORD));

        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.MISSING_BLOCK, 1));
        assertThat(decoded.messages()).hasSize(1);
    }

    @Test
    void aRecordThatDoesNotHashToItsCidIsDropped() {
        byte[] forged = Cbor.concat(car(RECORD), Frame.section(Cbor.concat(Cbor.cid(new byte[] {9}), RECORD)));

        Decoded decoded = decode(
                List.of(
                        op("create", LIKE, Cbor.cid(new byte[] {9})),
                        op("create", LIKE, CID),
                        op("update", LIKE, Cbor.cid(new byte[] {9}))),
                forged);

        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.WRONG_HASH, 2));
        assertThat(decoded.messages()).hasSize(1);
    }

    @Test
    void aCidWhoseHashIsNotSha256IsDropped() {
        byte[] identity = Cbor.concat(new byte[] {1, 0x71, 0, (byte) RECORD.length}, RECORD);

        Decoded decoded = decode(
                List.of(op("create", LIKE, identity)),
                Cbor.concat(car(), Frame.section(Cbor.concat(identity, RECORD))));

        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.WRONG_HASH, 1));
    }

    @Test
    void aCidOfVersion0IsWrittenInBase58() {
        byte[] v0 = Arrays.copyOfRange(CID, 2, CID.length);

        Decoded decoded =
                decode(List.of(op("create", LIKE, v0)), Cbor.concat(car(), Frame.section(Cbor.concat(v0, RECORD))));

        assertThat(decoded.message()).contains("\"cid\":\"Qm").matches(".*\"cid\":\"[1-9A-HJ-NP-Za-km-z]{46}\"}}");
    }

    @Test
    void carsThatCannotBeReadAreMalformed() {
        byte[] good = car(RECORD);
        byte[] versionTwo = Frame.section(Cbor.of(map("roots", List.of(), "version", 2)));
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0xFF);
        List<byte[]> cars = List.of(
                new byte[0],
                new byte[] {0},
                endless,
                versionTwo,
                Frame.section(Cbor.of(map("roots", List.of()))),
                Frame.section(Cbor.of("text")),
                Arrays.copyOf(good, good.length - 1),
                Cbor.concat(good, new byte[] {0}),
                Cbor.concat(good, new byte[] {(byte) 0x80}),
                Cbor.concat(good, new byte[] {(byte) 0x81, 0}),
                Cbor.concat(good, endless),
                Cbor.concat(good, Frame.varint(1L << 62)),
                Cbor.concat(good, Frame.varint(1000), new byte[20]),
                Cbor.concat(good, Frame.section(new byte[] {1, 0x71, 0x12, 0x21, 0})),
                Cbor.concat(good, Frame.section(new byte[] {2, 0x71, 0x12, 0x20, 0})));
        for (byte[] spoilt : cars) {
            Decoded decoded = decode(List.of(op("create", LIKE, CID), op("delete", LIKE, null)), spoilt);

            assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.MALFORMED_CAR, 1));
            assertThat(decoded.frames().seqs()).containsExactly(7);
        }
    }

    @Test
    void opsThatShareARecordAreAllSent() {
        Decoded decoded = decode(
                List.of(op("create", "a.b.c/1", CID), op("create", "a.b.c/2", CID), op("update", "a.b.c/3", CID)),
                car(RECORD));

        assertThat(decoded.messages()).hasSize(3).allSatisfy(message -> assertThat(message)
                .contains("\"record\":{\"$type\":\"app.bsky.feed.like\"},\"cid\":\"" + text(CID)));
    }

    @Test
    void aFrameCannotMultiplyItself() {
        byte[] large = Cbor.of(map("t", "x".repeat(900_000)));
        byte[] cid = Cbor.cid(large);
        List<Object> ops = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            ops.add(op("create", "a.b.c/" + i, cid));
        }
        byte[] frame = Frame.of(header("#commit"), commit(ops, car(large)));

        Decoded decoded = Decoded.of(frame);

        assertThat(decoded.frames().length()).isLessThan(17 * frame.length);
        assertThat(decoded.drops())
                .isEqualTo(
                        Map.of(DropReason.TOO_LARGE, 20_000 - decoded.messages().size()));
        assertThat(decoded.messages()).isNotEmpty();
    }

    @Test
    void opsOverTheLimitAreCounted() {
        List<Object> ops = new ArrayList<>(Collections.nCopies(Ops.MAX_OPS + 5, op("delete", "a.b.c/x", null)));

        Decoded decoded = decode(ops, car());

        assertThat(decoded.messages()).hasSize(Ops.MAX_OPS);
        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.TOO_LARGE, 5));
    }

    @Test
    void aHostileRecordIsRejectedOnceHoweverManyOpsNameIt() {
        byte[] bad = Cbor.of(map("list", Collections.nCopies(100_000, 1), "then", 1.5));
        List<Object> ops = new ArrayList<>(Collections.nCopies(10_000, op("create", LIKE, Cbor.cid(bad))));

        assertThat(decode(ops, car(bad)).drops()).isEqualTo(Map.of(DropReason.FLOAT, 10_000));
    }
}
