package dev.jetstream.upstream;

/** How this program introduces itself to a relay: {@code jetstream-jvm/VERSION}. */
final class UserAgent {
    static final String NAME = "jetstream-jvm/" + version();

    private UserAgent() {}

    /** From the jar's manifest; {@code dev} where the classes come from a directory. */
    private static String version() {
        String version = UserAgent.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
