package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import dev.jetstream.app.ZstdDictionary;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dictionary}: downloads or checks the official zstd dictionary. */
@Command(
        name = "dictionary",
        description =
                "Downloads or checks the official zstd dictionary, which makes compressed messages a third smaller.",
        subcommands = {DictionaryCommand.Fetch.class, DictionaryCommand.Check.class})
final class DictionaryCommand extends Main.Group {

    /** {@code dictionary fetch}. */
    @Command(
            name = "fetch",
            description = "Downloads the official zstd dictionary, verifies its SHA-256 and writes it to a file. An "
                    + "existing file is never overwritten.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:the file is the official dictionary",
                "1:the download or the write failed, or another file exists",
                "2:wrong arguments"
            })
    static final class Fetch implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Parameters(paramLabel = "FILE", description = "The file to write.")
        private Path file;

        @Option(
                names = "--from",
                paramLabel = "URL",
                description =
                        "Download from this URL, such as a mirror's. Repeatable: the next one is tried if one fails.")
        private List<URI> from = ZstdDictionary.PLACES;

        @Option(
                names = "--timeout",
                paramLabel = "SECONDS",
                description = "How long a server may take to connect or send nothing (default: 30).")
        private int timeoutSeconds = 30;

        @Override
        public Integer call() throws StartupException {
            checkArguments();
            PrintWriter out = command.commandLine().getOut();
            if (Files.exists(file)) {
                if (!isOfficial(ZstdDictionary.read(file, file.toString()))) {
                    throw new StartupException(
                            file + " exists and is not the official dictionary; delete it, or name another file");
                }
                out.println(file + " already is the official dictionary");
                return ExitCode.OK;
            }
            byte[] dictionary = fetch();
            write(dictionary);
            out.println(file + ": the official dictionary, " + dictionary.length + " bytes");
            out.println("To use it: --zstd-dictionary-path " + file + ", or JETSTREAM_ZSTD_DICTIONARY_PATH=" + file);
            return ExitCode.OK;
        }

        private void checkArguments() {
            for (URI url : from) {
                if (!("https".equals(url.getScheme()) || "http".equals(url.getScheme())) || url.getHost() == null) {
                    throw new ParameterException(
                            command.commandLine(), "--from must be an https:// or http:// URL: " + url);
                }
            }
            if (timeoutSeconds < 1 || timeoutSeconds > 3600) {
                throw new ParameterException(
                        command.commandLine(), "--timeout must be from 1 to 3600 seconds: " + timeoutSeconds);
            }
        }

        private byte[] fetch() throws StartupException {
            List<String> failures = new ArrayList<>();
            for (URI url : from) {
                try {
                    byte[] bytes = get(url);
                    if (isOfficial(bytes)) {
                        return bytes;
                    }
                    failures.add(url + " sent something else, " + bytes.length + " bytes with SHA-256 "
                            + ZstdDictionary.sha256(bytes));
                } catch (SocketTimeoutException e) {
                    failures.add(url + ": took longer than " + timeoutSeconds + " s");
                } catch (ConnectException e) {
                    failures.add(url + ": no connection (" + e.getMessage() + ")");
                } catch (UnknownHostException e) {
                    failures.add(url + ": unknown host");
                } catch (IOException e) {
                    failures.add(url + ": " + e.getMessage());
                }
            }
            throw new StartupException("the dictionary could not be downloaded:\n  " + String.join("\n  ", failures)
                    + "\nIf this machine has no network, download the file elsewhere and copy it; its SHA-256 is "
                    + ZstdDictionary.OFFICIAL_SHA_256
                    + ". The server works without it, but compressed messages are larger.");
        }

        private byte[] get(URI url) throws IOException {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setConnectTimeout(timeoutSeconds * 1_000);
            connection.setReadTimeout(timeoutSeconds * 1_000);
            try {
                if (connection.getResponseCode() != 200) {
                    throw new IOException("responded with " + connection.getResponseCode());
                }
                try (InputStream in = connection.getInputStream()) {
                    return in.readNBytes(ZstdDictionary.MAX_BYTES);
                }
            } finally {
                connection.disconnect();
            }
        }

        /** Writes the whole file or nothing. */
        private void write(byte[] bytes) throws StartupException {
            Path part = null;
            try {
                Path directory = file.toAbsolutePath().getParent();
                part = Files.createTempFile(directory, file.getFileName().toString(), ".part");
                Files.write(part, bytes);
                part.toFile().setReadable(true, false);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                if (part != null && !part.toFile().delete()) {
                    part.toFile().deleteOnExit();
                }
                throw new StartupException(
                        file + " cannot be written: " + e + "; name a file in a directory that this user can write to",
                        e);
            }
        }
    }

    /** {@code dictionary check}. */
    @Command(
            name = "check",
            description = "Checks whether a file is the official zstd dictionary.",
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
            PrintWriter out = command.commandLine().getOut();
            out.println("file      " + file);
            out.println("bytes     " + bytes.length);
            out.println("id        " + (id == 0 ? "none" : id));
            out.println("sha256    " + ZstdDictionary.sha256(bytes));
            out.println("result    " + result(isOfficial(bytes), id));
            out.flush();
            return isOfficial(bytes) ? ExitCode.OK : ExitCode.FAILED;
        }

        private static String result(boolean official, long id) {
            if (official) {
                return "the official dictionary";
            }
            return id == 0
                    ? "no zstd dictionary; download the official one with: dictionary fetch FILE"
                    : "a zstd dictionary, but not the official one (id " + ZstdDictionary.OFFICIAL_ID
                            + "): clients could not decode messages made with it";
        }
    }

    private static boolean isOfficial(byte[] bytes) {
        return ZstdDictionary.sha256(bytes).equals(ZstdDictionary.OFFICIAL_SHA_256);
    }
}
