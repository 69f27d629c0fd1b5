package dev.jetstream.upstream;

import java.time.Duration;
import java.util.Optional;

/**
 * How the relay's connection fares at one moment.
 *
 * @param relay the relay's URL without query and user
 * @param connected whether the connection is open and upgraded
 * @param sinceLastFrame age of the newest frame of this process; empty before the first
 * @param connects connections that were upgraded since the process started
 * @param lastError why the last connection ended or failed, in one line; empty when none has
 */
public record RelayState(
        String relay, boolean connected, Optional<Duration> sinceLastFrame, long connects, String lastError) {}
