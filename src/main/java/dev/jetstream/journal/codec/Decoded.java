package dev.jetstream.journal.codec;

import dev.jetstream.event.EventBlock;

/** What decoding gives. */
public sealed interface Decoded permits Decoded.Whole, Damaged {

    /** The block. */
    record Whole(EventBlock block) implements Decoded {}
}
