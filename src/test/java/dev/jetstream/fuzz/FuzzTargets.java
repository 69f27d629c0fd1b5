package dev.jetstream.fuzz;

import dev.jetstream.client.ServerMessageFuzz;
import dev.jetstream.config.SettingFuzz;
import dev.jetstream.decode.FrameFuzz;
import dev.jetstream.decode.RecordFuzz;
import dev.jetstream.http.SubscribeFuzz;
import dev.jetstream.journal.codec.BlockFuzz;
import dev.jetstream.net.ClientMessagesFuzz;
import dev.jetstream.net.RequestHeadFuzz;
import dev.jetstream.relay.CaptureFuzz;
import dev.jetstream.stream.OptionsUpdateFuzz;
import dev.jetstream.upstream.RelayStreamFuzz;
import dev.jetstream.upstream.UpgradeFuzz;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All targets by name, which is also the folder of their found cases in {@code src/test/resources/fuzz}. */
final class FuzzTargets {
    private static final Map<String, Supplier<FuzzTarget>> ALL = new TreeMap<>(Map.ofEntries(
            Map.entry("frame", FrameFuzz::new),
            Map.entry("record", RecordFuzz::new),
            Map.entry("relay-stream", RelayStreamFuzz::new),
            Map.entry("upgrade", UpgradeFuzz::new),
            Map.entry("client-frames", ClientMessagesFuzz::new),
            Map.entry("request-head", RequestHeadFuzz::new),
            Map.entry("subscribe", SubscribeFuzz::new),
            Map.entry("options-update", OptionsUpdateFuzz::new),
            Map.entry("block", BlockFuzz::new),
            Map.entry("capture", CaptureFuzz::new),
            Map.entry("server-message", ServerMessageFuzz::new),
            Map.entry("setting", SettingFuzz::new)));

    private FuzzTargets() {}

    static Iterable<String> names() {
        return ALL.keySet();
    }

    /** @throws IllegalArgumentException naming those that there are, if this is none of them */
    static FuzzTarget named(String name) {
        Supplier<FuzzTarget> target = ALL.get(name);
        if (target == null) {
            throw new IllegalArgumentException("no fuzz target " + name + ", there are " + ALL.keySet());
        }
        return target.get();
    }
}
