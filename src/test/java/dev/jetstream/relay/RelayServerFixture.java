package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** A relay of made-up frames, closed after each test. */
abstract class RelayServerFixture {
    static final SyntheticOptions FAST = SyntheticOptions.defaults().withRate(0);

    RelayServer relay;

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
    }

    SyntheticSource start(SyntheticOptions options) throws IOException {
        SyntheticSource source = SyntheticSource.create(options);
        relay = RelayServer.start(source, RelayOptions.anyPort());
        return source;
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    static void read(RelayClient client, long from, long to) throws IOException {
        for (long seq = from; seq <= to; seq++) {
            assertThat(client.read().seq()).isEqualTo(seq);
        }
    }
}
