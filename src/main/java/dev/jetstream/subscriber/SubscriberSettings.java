package dev.jetstream.subscriber;

import dev.jetstream.config.SubscriberConfig;
import dev.jetstream.journal.read.BlockLog;
import dev.jetstream.live.LiveHub;
import java.util.function.LongSupplier;

/**
 * What all subscribers share.
 *
 * @param clockUs unix microseconds
 * @param nanoTime never steps back
 */
record SubscriberSettings(
        SubscriberConfig config,
        BlockLog log,
        LiveHub hub,
        SharedFilters filters,
        RateLimits rates,
        ReplayGate gate,
        SubscriberMetrics metrics,
        LongSupplier clockUs,
        LongSupplier nanoTime) {}
