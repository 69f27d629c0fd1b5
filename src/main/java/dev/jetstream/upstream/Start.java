package dev.jetstream.upstream;

import java.util.OptionalLong;

/**
 * Where a connection starts.
 *
 * @param cursor seq to resume after; empty: live
 * @param why for the log
 */
record Start(OptionalLong cursor, Connection connection, String why) {}
