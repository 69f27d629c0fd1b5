package dev.jetstream.fuzz;

/** Where Jazzer comes in: it calls these two by their names. */
public final class JazzerEntry {
    private static FuzzTarget target;

    private JazzerEntry() {}

    /** @param args the target's name */
    public static void fuzzerInitialize(String[] args) {
        target = FuzzTargets.named(args[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.take(input);
    }
}
