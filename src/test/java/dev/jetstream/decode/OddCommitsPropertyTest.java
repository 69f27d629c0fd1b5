package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.DID;
import static dev.jetstream.decode.Frame.REV;
import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.Frame.op;
import static dev.jetstream.decode.Frame.section;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Commits put together from good ops and odd ones, each with its verdict: what comes out is what each op gives alone, in the
 * ops' order, however odd its neighbours are.
 */
class OddCommitsPropertyTest {
    private static final String[] BAD_PATHS = {
        "", "/", "a.b.c", "a.b/x", "a.b.c/", "a.b.c/x/y", "a..c/x", "-a.b.c/x", "a.b.c/" + "k".repeat(513)
    };

    /** Odd items that stand in a record, and why they drop it; null: they are taken. */
    private static final Object[][] ODD_ITEMS = {
        {Cbor.raw(0xF9, 0x3E, 0x00), DropReason.FLOAT},
        {Cbor.raw(0xF9, 0x7E, 0x00), DropReason.FLOAT},
        {Cbor.raw(0xFA, 0x7F, 0x80, 0x00, 0x00), DropReason.FLOAT},
        {1e300, DropReason.FLOAT},
        {Cbor.raw(0x1B, 0xFF, 0, 0, 0, 0, 0, 0, 0), DropReason.BIG_INTEGER},
        {Cbor.raw(0x3B, 0x80, 0, 0, 0, 0, 0, 0, 0), DropReason.BIG_INTEGER},
        {Cbor.raw(0xBF, 0xFF), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0x9F, 0x01, 0xFF), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0x7F, 0x61, 'a', 0xFF), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0x5F, 0x41, 0x01, 0xFF), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0xA2, 0x61, 'a', 1, 0x61, 'a', 1), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0xA1, 0x01, 0x01), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0xF8, 0x20), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0x1C), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0x9A, 0x00, 0x01, 0xFF, 0xFF), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0x5B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), DropReason.MALFORMED_RECORD},
        {Cbor.raw(0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF), DropReason.TOO_LARGE},
        {map("$type", ""), DropReason.BAD_RECORD},
        {map("$type", 5), DropReason.BAD_RECORD},
        {map("$type", "blob", "size", 5), DropReason.BAD_RECORD},
        {map("$link", "b", "x", 1), DropReason.BAD_RECORD},
        {2.0, null},
        {Cbor.raw(0x18, 0x01), null},
        {Cbor.UNDEFINED, null}
    };

    private final FrameDecoder decoder = Decoded.decoder();

    @Property(tries = 1500)
    void eachOpGivesWhatItGivesAlone(@ForAll Random random) {
        Commit commit = new Commit(random);
        for (int i = random.nextInt(8); i >= 0; i--) {
            commit.add("a.b.c" + random.nextInt(3) + "/k" + i);
        }

        Decoded decoded = Decoded.with(decoder, commit.frame(), Frame.of(Frame.header("#identity"), Frame.identity()));

        assertThat(decoded.messages().subList(0, decoded.messages().size() - 1)).isEqualTo(commit.meant);
        assertThat(decoded.drops()).isEqualTo(commit.drops);
        assertThat(decoded.frames().seqs()).containsExactly(7, 7);
    }

    /** A commit in the making, and what is meant to come of it. */
    private static final class Commit {
        private final Random random;
        private final List<Object> ops = new ArrayList<>();
        private final List<byte[]> sections = new ArrayList<>();
        private final List<String> meant = new ArrayList<>();
        private final Map<DropReason, Integer> drops = new EnumMap<>(DropReason.class);
        private int records;

        Commit(Random random) {
            this.random = random;
        }

        byte[] frame() {
            Collections.shuffle(sections, random);
            sections.add(
                    0, section(Cbor.of(map("roots", List.of(new Cbor.Link(Cbor.cid(new byte[] {1}))), "version", 1))));
            byte[] car = Cbor.concat(sections.toArray(byte[][]::new));
            return Frame.of(Frame.header("#commit"), Frame.commit(ops, car));
        }

        /** A record like no other of this commit. */
        private Map<String, Object> record() {
            Map<String, Object> record = new LinkedHashMap<>(new Records(random).record());
            record.put("number", ++records);
            return record;
        }

        void add(String path) {
            byte[] record = Cbor.of(record());
            switch (random.nextInt(12)) {
                case 0 -> {
                    ops.add(op("delete", path, null));
                    meant.add(message("delete", path, ""));
                }
                case 1 -> refused(op("create", path, Cbor.cid(record)), DropReason.MISSING_BLOCK);
                case 2 -> {
                    byte[] claimed = Cbor.cid(Cbor.concat(record, new byte[1]));
                    sections.add(section(Cbor.concat(claimed, record)));
                    refused(op("update", path, claimed), DropReason.WRONG_HASH);
                }
                case 3 ->
                    refused(
                            op("create", BAD_PATHS[random.nextInt(BAD_PATHS.length)], Cbor.cid(record)),
                            DropReason.BAD_PATH);
                case 4 -> refused(op("create", path, null), DropReason.BAD_OP);
                case 5 -> refused(op("move", path, Cbor.cid(record)), DropReason.BAD_OP);
                case 6 -> unhashed(path, record);
                case 7 -> {
                    block(record);
                    refused(op("create", path, Cbor.cid(record)), null);
                    refused(op("update", path + "again", Cbor.cid(record)), null);
                    meant.add(message("create", path, written(record)));
                    meant.add(message("update", path + "again", written(record)));
                }
                case 8, 9, 10 -> odd(path);
                default -> good("create", path, record);
            }
        }

        private void refused(Object op, DropReason reason) {
            ops.add(op);
            if (reason != null) {
                drops.merge(reason, 1, Integer::sum);
            }
        }

        /** Once, twice, or with parts of a search tree around it, which nobody asks for and which point at each other. */
        private void block(byte[] record) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                sections.add(section(Cbor.concat(Cbor.cid(record), record)));
            }
            if (random.nextInt(3) == 0) {
                byte[] one = Cbor.cid(new byte[] {1});
                byte[] other = Cbor.cid(new byte[] {2});
                sections.add(section(Cbor.concat(one, Cbor.of(map("e", List.of(), "l", new Cbor.Link(other))))));
                sections.add(section(Cbor.concat(other, Cbor.of(map("e", List.of(), "l", new Cbor.Link(one))))));
            }
        }

        private void good(String action, String path, byte[] record) {
            block(record);
            ops.add(op(action, path, Cbor.cid(record)));
            meant.add(message(action, path, written(record)));
        }

        /** A CID that no SHA-256 is in. */
        private void unhashed(String path, byte[] record) {
            byte[] sha512 = Cbor.concat(new byte[] {1, 0x71, 0x13, 0x40}, new byte[64]);
            sections.add(section(Cbor.concat(sha512, record)));
            refused(op("create", path, sha512), DropReason.WRONG_HASH);
        }

        /** A record with an odd item somewhere in it, or cut short, or longer than it is. */
        private void odd(String path) {
            Object[] item = ODD_ITEMS[random.nextInt(ODD_ITEMS.length)];
            Map<String, Object> whole = record();
            whole.put("odd", nested(item[0]));
            byte[] record = Cbor.of(whole);
            DropReason reason = (DropReason) item[1];
            if (reason == null && random.nextBoolean()) {
                record = random.nextBoolean()
                        ? Arrays.copyOf(record, record.length + 1)
                        : Arrays.copyOf(record, record.length - 1);
                reason = DropReason.MALFORMED_RECORD;
            }
            if (reason == null) {
                good("update", path, record);
            } else {
                block(record);
                refused(op("update", path, Cbor.cid(record)), reason);
            }
        }

        private Object nested(Object item) {
            Object outer = item;
            for (int i = random.nextInt(random.nextInt(5) == 0 ? 120 : 4); i > 0; i--) {
                outer = random.nextBoolean() ? List.of(outer) : map("in", outer);
            }
            return outer;
        }
    }

    private static String written(byte[] record) {
        return ",\"record\":" + NaiveJson.of(record) + ",\"cid\":\"" + CommitTest.text(Cbor.cid(record)) + "\"";
    }

    private static String message(String action, String path, String record) {
        String[] parts = path.split("/");
        return "{\"did\":\"" + DID + "\",\"time_us\":0,\"kind\":\"commit\",\"commit\":{\"rev\":\"" + REV
                + "\",\"operation\":\"" + action + "\",\"collection\":\"" + parts[0] + "\",\"rkey\":\"" + parts[1]
                + "\"" + record
                + "}}";
    }
}
