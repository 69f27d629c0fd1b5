package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import dev.jetstream.app.ZstdDictionary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dictionary}: checks the official zstd dictionary. */
@Command(
        name = "dictionary",
        description = "Checks the official zstd dictionary, which makes compressed messages a third smaller.",
        subcommands = DictionaryCommand.Check.class)
final class DictionaryCommand extends Main.Group {

    /** {@code dictionary check}. */
    @Command(
            name = "check",
            description = "Checks whether a file is the official zstd dictionary.",
            footer = {
                "",
                "The official dictionary is a file of https://github.com/bluesky-social/jetstream:",
                "pkg/models/zstd_dictionary, or in later versions",
                "internal/subscribe/dictionaries/legacy_subscribe.zdict."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:it is the official dictionary",
                "1:it is another dictionary, no dictionary, or cannot be read",
                "2:wrong arguments"
            })
    static final class Check implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Parameters(paramLabel = "FILE", description = "The file to check.")
        private Path file;

        @Override
        public Integer call() throws StartupException {
            byte[] bytes = ZstdDictionary.read(file, file.toString());
            long id = ZstdDictionary.idOf(bytes);
            String sha256 = ZstdDictionary.sha256(bytes);
            boolean isOfficial = sha256.equals(ZstdDictionary.OFFICIAL_SHA_256);
            PrintWriter out = command.commandLine().getOut();
            out.println("file      " + file);
            out.println("bytes     " + bytes.length);
            out.println("id        " + (id == 0 ? "none" : id));
            out.println("sha256    " + sha256);
            out.println("result    " + result(isOfficial, id));
            out.flush();
            return isOfficial ? ExitCode.OK : ExitCode.FAILED;
        }

        private static String result(boolean isOfficial, long id) {
            if (isOfficial) {
                return "the official dictionary";
            }
            return id == 0
                    ? "not a zstd dictionary"
                    : "a zstd dictionary, but not the official one (id " + ZstdDictionary.OFFICIAL_ID
                            + "): clients could not decode messages made with it";
        }
    }
}
