package dev.jetstream.journal;

import dev.jetstream.event.EventBlock;

/** What decoding gives. */
sealed interface Decoded permits Decoded.Whole, Damaged {

    /** The block. */
    record Whole(EventBlock block) implements Decoded {}
}
