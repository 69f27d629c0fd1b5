package dev.jetstream.common;

/** The version of this program. */
public final class Version {
    /** From the jar's manifest; {@code dev} if the classes are not in a jar. */
    public static final String TEXT = read();

    private Version() {}

    private static String read() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
