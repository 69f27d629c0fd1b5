package dev.jetstream.journal.codec;

import dev.jetstream.common.Text;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Hands encoded blocks to the journal and takes them back as they are: the work is done elsewhere, off the journal's threads. */
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

    /** A {@link StoredBlock}: bytes that are no block are a value too. */
    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        return manifest.equals(BLOCK)
                ? BlockCodec.read(bytes)
                : new Damaged("of an unknown kind, '" + Text.cut(manifest) + "'", true);
    }
}
