package dev.jetstream.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.relay.SyntheticNetwork;
import dev.jetstream.relay.V1Lines;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decoder against the made-up network, whose encoder and JSON are its own. */
class MadeUpFramesTest {
    private static final int FRAMES = 20_000;
    private static final int AT_A_TIME = 500;

    @Test
    void everyEventOfAMadeUpNetworkIsDecodedAsItWasMeant() {
        SyntheticNetwork network = new SyntheticNetwork(11, 40, 1, InstantSource.system());
        for (int done = 0; done < FRAMES; done += AT_A_TIME) {
            List<byte[]> frames = new ArrayList<>();
            List<String> meant = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                SyntheticNetwork.Made made = network.next();
                frames.add(made.frame());
                meant.addAll(V1Lines.of(made.sent()));
            }

            Decoded decoded = Decoded.of(frames.toArray(byte[][]::new));

            assertThat(decoded.messages()).isEqualTo(meant);
        }
    }
}
