package dev.jetstream.event;

import java.util.Arrays;

/**
 * The kinds of event that subscribers are sent. To add one, add a constant here and a decoder that makes its messages. Only commits
 * have a collection; events of the other kinds pass all filters by collection.
 */
public enum EventKind {
    /** An op of a commit: the kind that has a collection. */
    COMMIT(0, "commit", "com"),
    IDENTITY(1, "identity", "id"),
    ACCOUNT(2, "account", "acc");

    private static final EventKind[] BY_NUMBER = new EventKind[values().length];

    static {
        for (EventKind kind : values()) {
            BY_NUMBER[kind.number] = kind;
        }
    }

    private final int number;
    private final String v1Name;
    private final String v0Name;

    /**
     * @param number the next one; journals contain it, so it is never given to another kind
     * @param v1Name the value of {@code kind}, and the key of the event's body in both formats
     * @param v0Name the value of {@code type} in format v0; not longer than {@code v1Name}
     */
    EventKind(int number, String v1Name, String v0Name) {
        this.number = number;
        this.v1Name = v1Name;
        this.v0Name = v0Name;
    }

    /** The kind's number in the journal, in columns of kinds, and in arrays with an entry for each kind, from 0. */
    public int number() {
        return number;
    }

    /** The value of {@code kind} in format v1. */
    public String v1Name() {
        return v1Name;
    }

    /** The value of {@code type} in format v0. */
    public String v0Name() {
        return v0Name;
    }

    /** The kind of a number from 0 to {@link #lastNumber}. */
    public static EventKind of(int number) {
        return BY_NUMBER[number];
    }

    /** The highest number. */
    public static int lastNumber() {
        return BY_NUMBER.length - 1;
    }

    public static String[] v1Names() {
        return Arrays.stream(BY_NUMBER).map(EventKind::v1Name).toArray(String[]::new);
    }
}
