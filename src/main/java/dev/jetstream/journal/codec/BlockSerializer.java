package dev.jetstream.journal.codec;

import dev.jetstream.common.Text;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Pekko's serializer of blocks, which are encoded already: encoding and decoding happen off the journal's threads. */
public final class BlockSerializer extends SerializerWithStringManifest {
    private static final int IDENTIFIER = 746;
    private static final String BLOCK = "b";

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object event) {
        return BLOCK;
    }

    /** @throws IllegalArgumentException for anything but a block */
    @Override
    public byte[] toBinary(Object event) {
        if (event instanceof JournaledBlock block) {
            return block.bytes();
        }
        throw new IllegalArgumentException("not a block: " + event.getClass());
    }

    /** Returns a {@link StoredBlock}; {@link Damaged} for bytes that are no block. */
    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        return manifest.equals(BLOCK)
                ? BlockCodec.read(bytes)
                : new Damaged("of an unknown kind, '" + Text.cut(manifest) + "'", true);
    }
}
