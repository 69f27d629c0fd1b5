package dev.jetstream.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the public listener. */
final class Routes implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_LOGGED = 100;

    /** What a path shows to a GET or HEAD. */
    private interface Resource {
        CompletionStage<Answer> get(HttpRequest request, Exchange exchange);
    }

    private final Page page = new Page();
    private final Map<String, Resource> resources = new HashMap<>();
    private final SubscribeRoute subscribe;
    private final Status status;
    private final EndpointMetrics metrics;
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    /** @param metricsPage Prometheus text, if it is to be seen here */
    Routes(
            SubscribeRoute subscribe,
            Health health,
            Status status,
            Optional<Supplier<CompletionStage<String>>> metricsPage,
            EndpointMetrics metrics) {
        this.subscribe = subscribe;
        this.status = status;
        this.metrics = metrics;
        resources.put("/subscribe", this::subscribe);
        resources.put("/", this::welcome);
        resources.put("/favicon.ico", this::icon);
        resources.put("/status", this::status);
        resources.put("/healthz", (request, exchange) -> report(health.live()));
        resources.put("/readyz", (request, exchange) -> report(health.ready()));
        metricsPage.ifPresent(text -> resources.put("/metrics", (request, exchange) -> MetricsRoute.figures(text)));
    }

    @Override
    public CompletionStage<Answer> answer(HttpRequest request, Exchange exchange) {
        return route(request, exchange).thenApply(answer -> {
            metrics.answered(answer.status());
            return answer;
        });
    }

    @Override
    public Answer failed(HttpRequest request, Throwable cause) {
        long now = System.nanoTime();
        long due = nextLogNanos.get();
        if (now - due >= 0 && nextLogNanos.compareAndSet(due, now + LOG_INTERVAL_NANOS)) {
            String path = request.getUri().path();
            LOG.error("request failed path={}", path.substring(0, Math.min(MAX_LOGGED, path.length())), cause);
        }
        metrics.answered(500);
        return Answer.line(500, "internal error").closing();
    }

    private CompletionStage<Answer> route(HttpRequest request, Exchange exchange) {
        String path = request.getUri().path();
        Resource resource = path.startsWith(Page.ASSETS) ? this::asset : resources.get(path);
        if (resource == null) {
            return notFound().now();
        }
        return isGet(request)
                ? resource.get(request, exchange)
                : Answer.notAllowed().now();
    }

    private CompletionStage<Answer> subscribe(HttpRequest request, Exchange exchange) {
        // One that took the connection over is never answered.
        return subscribe.answer(request, exchange).map(Answer::now).orElseGet(CompletableFuture::new);
    }

    static boolean isGet(HttpRequest request) {
        return request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
    }

    private CompletionStage<Answer> welcome(HttpRequest request, Exchange exchange) {
        return page.welcome(new Headers(exchange.head()))
                .orElseGet(() -> Answer.text(200, "Welcome to Jetstream").with("Vary", "Accept"))
                .now();
    }

    private CompletionStage<Answer> icon(HttpRequest request, Exchange exchange) {
        return page.icon(new Headers(exchange.head())).now();
    }

    private CompletionStage<Answer> asset(HttpRequest request, Exchange exchange) {
        return page.asset(request.getUri().path(), new Headers(exchange.head()))
                .orElseGet(Routes::notFound)
                .now();
    }

    private CompletionStage<Answer> status(HttpRequest request, Exchange exchange) {
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
