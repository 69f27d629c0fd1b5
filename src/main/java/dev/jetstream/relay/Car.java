package dev.jetstream.relay;

import java.util.ArrayList;
import java.util.List;

/** A CAR file, version 1, with one root: blocks in the order in which they were added. Not thread-safe. */
final class Car {
    private record Block(Cid cid, byte[] bytes) {}

    private final List<Block> blocks = new ArrayList<>();

    void add(Cid cid, byte[] block) {
        blocks.add(new Block(cid, block));
    }

    void addAll(Car other) {
        blocks.addAll(other.blocks);
    }

    byte[] toBytes(Cid root) {
        byte[] header = new CborWriter(64)
                .map(2)
                .text("roots")
                .array(1)
                .link(root)
                .text("version")
                .integer(1)
                .toByteArray();
        CborWriter out = new CborWriter(2048).varint(header.length).raw(header, 0, header.length);
        for (Block block : blocks) {
            out.varint(Cid.BYTES + block.bytes.length)
                    .raw(block.cid.shared(), 0, Cid.BYTES)
                    .raw(block.bytes, 0, block.bytes.length);
        }
        return out.toByteArray();
    }
}
