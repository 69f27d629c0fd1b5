/** Helpers that several packages share. It imports no other package of ours. */
package dev.jetstream.common;
