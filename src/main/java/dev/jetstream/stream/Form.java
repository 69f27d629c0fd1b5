package dev.jetstream.stream;

/** The representations that there are, each with a place of its own in every block. */
enum Form {
    V1,
    V0,
    V1_ZSTD,
    V0_ZSTD,
    V1_EVENTS,
    V0_EVENTS,
    V1_LINES,
    V0_LINES
}
