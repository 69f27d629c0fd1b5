package dev.jetstream.journal.store;

import dev.jetstream.journal.codec.BlockHeader;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/**
 * Where a relay is to be resumed when the newest blocks cannot be read, and nothing can be added behind them: the upstream seq of
 * the newest block that can be. Blocks its caller.
 */
final class NewestReadable {
    private final BlockReader reader;

    NewestReadable(BlockReader reader) {
        this.reader = reader;
    }

    /**
     * Looks in doubling steps, then in halving ones: what lies behind other damage is not found.
     *
     * @param oldest number of the oldest block that can be read
     */
    OptionalLong upstreamSeq(long oldest) {
        Optional<BlockHeader> newest = header(oldest);
        long number = oldest;
        long step = 1;
        boolean isBeyond = false;
        while (newest.isPresent() && step > 0) {
            Optional<BlockHeader> next = header(number + step);
            if (next.isPresent()) {
                newest = next;
                number += step;
            }
            isBeyond |= next.isEmpty();
            step = isBeyond ? step / 2 : 2 * step;
        }
        return newest.map(header -> OptionalLong.of(header.upstreamSeq())).orElse(OptionalLong.empty());
    }

    private Optional<BlockHeader> header(long number) {
        try {
            return reader.header(number).toCompletableFuture().join();
        } catch (CompletionException e) {
            if (!StorageDamage.is(e)) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
