/**
 * What lets fuzzers loose on all that takes bytes from outside. Each {@link dev.jetstream.fuzz.FuzzTarget} stands beside the
 * package that it feeds, and says by its oracle what must hold; {@link dev.jetstream.fuzz.FuzzTargetsTest} runs all of them on
 * good inputs, found cases and some thousand mutations, {@link dev.jetstream.fuzz.FuzzRun} for as long as one likes.
 */
package dev.jetstream.fuzz;
