/**
 * The settings of a server: one record per section of {@code jetstream.*}, checked before anything starts.
 *
 * <pre>
 *   Inputs ──&gt; ConfigLoader ──&gt; flags, system properties, environment ┐
 *                               ConfigFile                             ├─&gt; Settings ──&gt; JetstreamConfig, whose records
 *                               Keys (reference.conf)                  ┘                check themselves (Check)
 * </pre>
 *
 * <p>A new setting is a component of its section's record and a documented key in {@code reference.conf}; a test compares the two.
 * No {@code Config} object leaves this package, except for the actor system.
 */
package dev.jetstream.config;
