package dev.jetstream.http;

import dev.jetstream.common.LogThrottle;
import dev.jetstream.common.Text;
import dev.jetstream.net.Request;
import java.util.HashMap;
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
    private final SubscribeRoute subscribe;
    private final Status status;
    private final EndpointMetrics metrics;
    private final LogThrottle throttle = new LogThrottle();

    /** @param metricsPage Prometheus text, where this listener shows it too */
    Routes(
            SubscribeRoute subscribe,
            Health health,
            Status status,
            Optional<Supplier<CompletionStage<String>>> metricsPage,
            EndpointMetrics metrics) {
        this.subscribe = subscribe;
        this.status = status;
        this.metrics = metrics;
        resources.put(
                SubscribeRoute.PATH, (request, raw) -> subscribe.answer(raw).now());
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
        return request.head().path().equals(SubscribeRoute.PATH) && (method.equals("GET") || method.equals("HEAD"))
                ? Optional.of(counted(subscribe.answer(request)))
                : Optional.empty();
    }

    @Override
    public CompletionStage<Answer> answer(HttpRequest request, Request raw) {
        return route(request, raw).thenApply(this::counted);
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

    private CompletionStage<Answer> route(HttpRequest request, Request raw) {
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
                .orElseGet(Routes::notFound)
                .now();
    }

    private CompletionStage<Answer> status(HttpRequest request, Request raw) {
        return new Answer(200, ContentTypes.APPLICATION_JSON, status.json(), List.of())
                .with("Cache-Control", "no-store")
                .now();
    }

    private static CompletionStage<Answer> report(Health.Report report) {
        return Answer.line(report.isGood() ? 200 : 503, report.text()).now();
    }

    private static Answer notFound() {
        return Answer.line(404, "not found; the stream is at /subscribe");
    }
}
