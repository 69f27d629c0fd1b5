package dev.jetstream.e2e;

import dev.jetstream.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A browser's {@code EventSource} (the HTML standard, section 9.2) on the JDK's own HTTP client: it remembers the last id it saw,
 * and names it when it connects anew.
 */
final class EventSource {

    private final HttpClient http = HttpClient.newHttpClient();
    private String lastEventId = "";

    /**
     * Connects, and reads until {@code more} says that it was enough, or the server ends the stream in order.
     *
     * @param more gets each event's data
     * @return whether the server ended the stream
     */
    boolean read(InetSocketAddress server, String query, Predicate<String> more)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + server.getHostString() + ":" + server.getPort() + "/subscribe" + query))
                .timeout(Patience.LIMIT)
                .header("Accept", "text/event-stream")
                .version(HttpClient.Version.HTTP_1_1);
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode());
        }
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            return dispatch(lines, more);
        }
    }

    private boolean dispatch(BufferedReader lines, Predicate<String> more) throws IOException {
        String id = lastEventId;
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                lastEventId = id;
                if (data.length() > 0 && !more.test(data.substring(0, data.length() - 1))) {
                    return false;
                }
                data.setLength(0);
            } else if (line.startsWith("data: ")) {
                data.append(line, "data: ".length(), line.length()).append('\n');
            } else if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (!line.startsWith(":")) {
                throw new IOException("no field of an event: " + line);
            }
        }
        return true;
    }

    /** The id of the last event it dispatched; empty before the first. */
    String lastEventId() {
        return lastEventId;
    }
}
