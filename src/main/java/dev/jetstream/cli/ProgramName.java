package dev.jetstream.cli;

import dev.jetstream.common.Version;
import java.net.URISyntaxException;
import java.nio.file.Path;
import picocli.CommandLine.IVersionProvider;

/** How this program is called, for help texts and --version. */
final class ProgramName implements IVersionProvider {
    /** What to type to run this jar again, from the working directory. */
    static String command() {
        try {
            Path jar = Path.of(ProgramName.class
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
        return new String[] {"jetstream " + Version.TEXT};
    }
}
