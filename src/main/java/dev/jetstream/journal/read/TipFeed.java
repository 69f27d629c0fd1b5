package dev.jetstream.journal.read;

import dev.jetstream.event.EventBlock;

/**
 * Announces new durable blocks to the reading side, which needs no writer in its process. An announcement is news, not the truth:
 * what is missing is read from the store.
 */
public interface TipFeed {
    /** From now on announcements go to this listener, one at a time. */
    void listen(Listener listener);

    /** Receives announcements, whose numbers may be missing, repeated or out of order. */
    @FunctionalInterface
    interface Listener {
        /** @param block the block of this number; null if only the number is announced */
        void onDurable(long sequenceNr, EventBlock block);
    }

    /** The feed of a writer in the same process. */
    final class Local implements TipFeed {
        private volatile Listener listener = (sequenceNr, block) -> {};

        @Override
        public void listen(Listener listener) {
            this.listener = listener;
        }

        /** Called by the writer for each block that has become durable. */
        public void announce(EventBlock block) {
            listener.onDurable(block.sequenceNr(), block);
        }
    }
}
