/** The few helpers that several packages share. Imports nothing of ours. */
package dev.jetstream.common;
