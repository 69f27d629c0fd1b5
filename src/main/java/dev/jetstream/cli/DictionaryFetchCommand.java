package dev.jetstream.cli;

import dev.jetstream.app.DictionaryFile;
import dev.jetstream.app.OfficialDictionary;
import dev.jetstream.app.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dictionary fetch}: gets the official dictionary, and checks that it is the one. */
@Command(
        name = "fetch",
        description =
                "Gets the official zstd dictionary from its public repository, checks its SHA-256, and writes it to a "
                        + "file. A file that is there already is left as it is.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the file is the official dictionary",
            "1:it could not be got or written, or another file is there",
            "2:wrong arguments"
        })
final class DictionaryFetchCommand implements Callable<Integer> {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "FILE", description = "Where to write it.")
    private Path file;

    @Option(
            names = "--from",
            paramLabel = "URL",
            description =
                    "Gets it from here, a mirror say; the SHA-256 must be the same. Repeatable: the next where one fails.")
    private List<URI> from = OfficialDictionary.PLACES;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest that one URL may take (default: 30).")
    private int timeoutSeconds = 30;

    @Override
    public Integer call() throws StartupException, InterruptedException {
        checkArguments();
        if (Files.exists(file)) {
            if (!OfficialDictionary.sha256(DictionaryFile.read(file, file.toString()))
                    .equals(OfficialDictionary.SHA_256)) {
                throw new StartupException(file
                        + " is there already, and is not the official dictionary; delete it, or name another file");
            }
            say(file + " is the official dictionary already");
            return ExitCode.OK;
        }
        byte[] dictionary = fetch();
        NewFile.write(file, dictionary);
        say(file + ": the official dictionary, " + dictionary.length + " bytes");
        say("name it by --zstd-dictionary-path " + file + ", or JETSTREAM_ZSTD_DICTIONARY_PATH=" + file);
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

    private void say(String line) {
        command.commandLine().getOut().println(line);
    }

    private byte[] fetch() throws StartupException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        List<String> failures = new ArrayList<>();
        for (URI url : from) {
            try {
                byte[] bytes = get(client, url);
                String sha256 = OfficialDictionary.sha256(bytes);
                if (sha256.equals(OfficialDictionary.SHA_256)) {
                    return bytes;
                }
                failures.add(url + " sent something else, " + bytes.length + " bytes with SHA-256 " + sha256);
            } catch (IOException e) {
                failures.add(url + ": " + e.getMessage());
            }
        }
        throw new StartupException("the dictionary could not be fetched:\n  " + String.join("\n  ", failures)
                + "\nWithout a network here, fetch it elsewhere and copy it; its SHA-256 is "
                + OfficialDictionary.SHA_256
                + ". The server also works without it: compressed messages are only larger.");
    }

    private byte[] get(HttpClient client, URI url) throws IOException, InterruptedException {
        try {
            return client.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofInputStream())
                    .thenApplyAsync(DictionaryFetchCommand::body)
                    .get(timeoutSeconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("took longer than " + timeoutSeconds + " s", e);
        } catch (ExecutionException e) {
            Throwable cause =
                    e.getCause() instanceof UncheckedIOException ? e.getCause().getCause() : e.getCause();
            throw new IOException(reason(cause), cause);
        }
    }

    private static byte[] body(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("answered " + response.statusCode());
            }
            return in.readNBytes(DictionaryFile.MAX_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JDK's client leaves most of its messages empty. */
    private static String reason(Throwable cause) {
        if (cause instanceof java.net.ConnectException) {
            return "no connection"
                    + (cause.getMessage() == null
                            ? " (no network, or nobody listens)"
                            : " (" + cause.getMessage() + ")");
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
