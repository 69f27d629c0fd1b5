package dev.jetstream.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import picocli.CommandLine.IVersionProvider;

/** What this program is, and how it is called. */
final class Version implements IVersionProvider {
    /** The version that stands in the jar's manifest; {@code dev} where there is no jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** What to type to run this jar again, from the working directory. */
    static String program() {
        try {
            Path jar = Path.of(Version.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path here = Path.of("").toAbsolutePath();
            return "java -jar " + (jar.startsWith(here) ? here.relativize(jar) : jar);
        } catch (URISyntaxException | IllegalArgumentException | NullPointerException e) {
            return "java -jar jetstream.jar";
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"jetstream " + text()};
    }
}
