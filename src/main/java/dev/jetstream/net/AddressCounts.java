package dev.jetstream.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connections per client address, bounded. An IPv6 client counts by its /64, which is what one customer is given. */
final class AddressCounts {
    /** A place in the count; giving it back twice counts once. */
    static final class Claim {
        private static final Claim FREE = new Claim(null, null);

        private final AddressCounts counts;
        private final ByteBuffer block;
        private final AtomicBoolean isReleased = new AtomicBoolean();

        private Claim(AddressCounts counts, ByteBuffer block) {
            this.counts = counts;
            this.block = block;
        }

        void release() {
            if (counts != null && isReleased.compareAndSet(false, true)) {
                counts.open.computeIfPresent(block, (b, n) -> n == 1 ? null : n - 1);
            }
        }
    }

    private final int max;
    /** By address. Chosen keys with equal hashes cost little: they are comparable, which the map makes use of. */
    private final ConcurrentHashMap<ByteBuffer, Integer> open = new ConcurrentHashMap<>();

    /** Counts at most {@code max} per address; 0: any number. */
    AddressCounts(int max) {
        this.max = max;
    }

    /** Takes a place; null when the address has as many as it may have. */
    Claim claim(InetAddress address) {
        if (max == 0) {
            return Claim.FREE;
        }
        byte[] bytes = address.getAddress();
        byte[] key = address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes;
        ByteBuffer block = ByteBuffer.wrap(key);
        Claim[] claim = new Claim[1];
        open.compute(block, (b, n) -> {
            int now = n == null ? 0 : n;
            if (now >= max) {
                return n;
            }
            claim[0] = new Claim(this, block);
            return now + 1;
        });
        return claim[0];
    }

    /** A place that is never counted. */
    static Claim uncounted() {
        return Claim.FREE;
    }

    /** Addresses that have any connection. */
    int addresses() {
        return open.size();
    }
}
