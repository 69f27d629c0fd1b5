package dev.jetstream.event;

/** The kinds of event that subscribers are sent. */
public enum EventKind {
    COMMIT,
    IDENTITY,
    ACCOUNT
}
