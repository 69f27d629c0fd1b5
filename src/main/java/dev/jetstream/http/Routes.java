package dev.jetstream.http;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.common.Text;
import dev.jetstream.net.Request;
import dev.jetstream.stream.EventStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the public listener. */
final class Routes implements PekkoHttp.Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    /** What answers a GET or HEAD of one path. */
    private interface Resource {
        CompletionStage<Answer> get(HttpRequest request, Request raw);
    }

    private final Page page = new Page();
    private final Map<String, Resource> resources = new HashMap<>();
    private final Map<String, EventStream> streams = new LinkedHashMap<>();
    private final StreamRoute route;
    private final Health health;
    private final EndpointMetrics metrics;
    private final LogThrottle throttle = new LogThrottle();

    /**
     * @param streams the event streams, each on its own path
     * @param metricsPage Prometheus text, where this listener shows it too
     */
    Routes(
            List<EventStream> streams,
            StreamRoute route,
            Health health,
            Optional<Supplier<CompletionStage<String>>> metricsPage,
            EndpointMetrics metrics) {
        this.route = route;
        streams.forEach(stream -> this.streams.put(stream.path(), stream));
        this.health = health;
        this.metrics = metrics;
        streams.forEach(stream -> resources.put(
                stream.path(), (request, raw) -> route.answer(stream, raw).now()));
        resources.put("/", this::welcome);
        resources.put("/favicon.ico", this::icon);
        resources.put("/status", this::status);
        resources.put("/healthz", (request, raw) -> report(health.live()));
        resources.put("/readyz", (request, raw) -> report(health.ready()));
        metricsPage.ifPresent(text -> resources.put("/metrics", (request, raw) -> MetricsRoute.page(text)));
    }

    @Override
    public Optional<Answer> stream(Request request) {
        String method = request.head().method();
        return method.equals("GET") || method.equals("HEAD")
                ? Optional.ofNullable(streams.get(request.head().path()))
                        .map(stream -> counted(route.answer(stream, request)))
                : Optional.empty();
    }

    @Override
    public CompletionStage<Answer> answer(HttpRequest request, Request raw) {
        return dispatch(request, raw).thenApply(this::counted);
    }

    private Answer counted(Answer answer) {
        if (answer.takeover().isEmpty()) {
            metrics.answered(answer.status());
        }
        return answer;
    }

    @Override
    public Answer failed(Request request, Throwable cause) {
        if (throttle.permits()) {
            LOG.error("request failed path={}", Text.cut(request.head().path()), cause);
        }
        metrics.answered(500);
        return Answer.line(500, "internal error").closing();
    }

    private CompletionStage<Answer> dispatch(HttpRequest request, Request raw) {
        if (request.method().equals(HttpMethods.OPTIONS)) {
            return Answer.preflight(raw.head().all("access-control-request-headers"))
                    .now();
        }
        String path = request.getUri().path();
        Resource resource = path.startsWith(Page.ASSETS) ? this::asset : resources.get(path);
        if (resource == null) {
            return notFound().now();
        }
        return isGet(request) ? resource.get(request, raw) : Answer.notAllowed().now();
    }

    static boolean isGet(HttpRequest request) {
        return request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
    }

    private CompletionStage<Answer> welcome(HttpRequest request, Request raw) {
        return page.welcome(raw.head())
                .orElseGet(() -> Answer.text(200, "Welcome to Jetstream").with("Vary", "Accept"))
                .now();
    }

    private CompletionStage<Answer> icon(HttpRequest request, Request raw) {
        return page.icon(raw.head()).now();
    }

    private CompletionStage<Answer> asset(HttpRequest request, Request raw) {
        return page.asset(request.getUri().path(), raw.head())
                .orElseGet(this::notFound)
                .now();
    }

    private CompletionStage<Answer> status(HttpRequest request, Request raw) {
        return new Answer(200, ContentTypes.APPLICATION_JSON, health.json(), List.of())
                .with("Cache-Control", "no-store")
                .now();
    }

    private static CompletionStage<Answer> report(Health.Report report) {
        return Answer.line(report.isGood() ? 200 : 503, report.text()).now();
    }

    private Answer notFound() {
        return Answer.line(404, "not found; the stream is at " + String.join(", ", streams.keySet()));
    }
}
