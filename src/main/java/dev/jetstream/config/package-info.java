/**
 * What an operator may set: one record per section of {@code jetstream.*}, checked before anything starts.
 *
 * <p>In: {@code reference.conf}, the operator's file, the environment, the flags. Out: {@link dev.jetstream.config.JetstreamConfig}.
 * No {@code Config} object leaves this package.
 */
package dev.jetstream.config;
