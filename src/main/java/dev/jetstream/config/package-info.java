/**
 * What an operator may set: one record per section of {@code jetstream.*}, checked before anything starts.
 *
 * <p>In: {@code reference.conf}, the operator's file, the environment, the flags ({@link dev.jetstream.config.Inputs}). Out:
 * {@link dev.jetstream.config.JetstreamConfig}, or one message that lists everything that is wrong.
 *
 * <pre>
 *   Inputs ──&gt; ConfigLoader ──&gt; ConfigFile (found, parsed) ┐
 *                               Environment (JETSTREAM_*)    ├─&gt; SettingsReader ──&gt; Sections ──&gt; the records, which check
 *                               flags                        │   (who wins, types)                themselves (Check)
 *                               Keys (reference.conf)        ┘
 * </pre>
 *
 * <p>A new setting is a component of its section's record, a line in {@code Sections} and a documented key in
 * {@code reference.conf}; a test holds the three together. No {@code Config} object leaves this package, but for the actor system.
 */
package dev.jetstream.config;
