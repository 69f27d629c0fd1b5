package dev.jetstream.cli;

import dev.jetstream.app.DictionaryFile;
import dev.jetstream.app.OfficialDictionary;
import dev.jetstream.app.StartupException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dictionary check}: whether a file is the official dictionary. */
@Command(
        name = "check",
        description = "Says whether a file is the official zstd dictionary.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it is the official one",
            "1:it is another one, none at all, or cannot be read",
            "2:wrong arguments"
        })
final class DictionaryCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "What jetstream.zstd.dictionary-file names.")
    private Path file;

    @Override
    public Integer call() throws StartupException {
        byte[] bytes = DictionaryFile.read(file, file.toString());
        String sha256 = OfficialDictionary.sha256(bytes);
        long id = OfficialDictionary.idOf(bytes);
        boolean official = sha256.equals(OfficialDictionary.SHA_256);
        PrintWriter out = command.commandLine().getOut();
        out.println("file      " + file);
        out.println("bytes     " + bytes.length);
        out.println("id        " + (id == 0 ? "none" : id));
        out.println("sha256    " + sha256);
        out.println("result    " + result(official, id));
        out.flush();
        return official ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String result(boolean official, long id) {
        if (official) {
            return "the official dictionary";
        }
        return id == 0
                ? "no zstd dictionary; get the official one with: dictionary fetch FILE"
                : "a zstd dictionary, but not the official one (id " + OfficialDictionary.ID
                        + "): clients would not decode what is made with it";
    }
}
