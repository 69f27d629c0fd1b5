package dev.jetstream.decode;

/**
 * The way out of the middle of a frame, op or record that is bad. One instance per reason, without a stack; it never leaves
 * {@link FrameDecoder}.
 */
final class Rejection extends RuntimeException {
    private static final Rejection[] BY_REASON = new Rejection[DropReason.values().length];

    static {
        for (DropReason reason : DropReason.values()) {
            BY_REASON[reason.ordinal()] = new Rejection(reason);
        }
    }

    private final transient DropReason reason;

    private Rejection(DropReason reason) {
        super(reason.label(), null, false, false);
        this.reason = reason;
    }

    static Rejection of(DropReason reason) {
        return BY_REASON[reason.ordinal()];
    }

    DropReason reason() {
        return reason;
    }
}
