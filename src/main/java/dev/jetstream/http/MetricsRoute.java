package dev.jetstream.http;

import dev.jetstream.net.Request;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the metrics listener: {@code GET /metrics}. */
final class MetricsRoute implements PekkoHttp.Routes {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsRoute.class);
    private static final String POINTER = "The metrics are at /metrics\n";
    /** Prometheus's text format. Built, not parsed: loading Pekko's header parser takes long. */
    private static final ContentType TEXT_FORMAT = ContentTypes.create(
            MediaTypes.customWithOpenCharset("text", "plain", Map.of("version", "0.0.4"), false), HttpCharsets.UTF_8);

    private final Supplier<CompletionStage<String>> page;

    /** @param page makes the page's text */
    MetricsRoute(Supplier<CompletionStage<String>> page) {
        this.page = page;
    }

    /** The page as the answer to a GET or HEAD. */
    static CompletionStage<Answer> page(Supplier<CompletionStage<String>> page) {
        return page.get().thenApply(text -> new Answer(200, TEXT_FORMAT, text, List.of()));
    }

    @Override
    public CompletionStage<Answer> answer(HttpRequest request, Request raw) {
        boolean isGet = Routes.isGet(request);
        return switch (request.getUri().path()) {
            case "/metrics" -> isGet ? page(page) : Answer.notAllowed().now();
            case "/" -> (isGet ? Answer.line(200, POINTER) : Answer.notAllowed()).now();
            default -> Answer.line(404, POINTER).now();
        };
    }

    @Override
    public Answer failed(Request request, Throwable cause) {
        LOG.error("the metrics page failed", cause);
        return Answer.line(500, "internal error").closing();
    }
}
