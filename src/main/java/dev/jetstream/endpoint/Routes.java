package dev.jetstream.endpoint;

import dev.jetstream.metrics.EndpointMetrics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of the public listener. */
final class Routes {
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MOST_LOGGED = 100;
    private static final ContentType METRICS_TYPE = ContentTypes.parse("text/plain; version=0.0.4; charset=utf-8");

    private final Page page = new Page();
    private final SubscribeRoute subscribe;
    private final Health health;
    private final Status status;
    private final Optional<Supplier<String>> metricsPage;
    private final EndpointMetrics metrics;
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    /** @param metricsPage Prometheus text, if it is to be seen here */
    Routes(
            SubscribeRoute subscribe,
            Health health,
            Status status,
            Optional<Supplier<String>> metricsPage,
            EndpointMetrics metrics) {
        this.subscribe = subscribe;
        this.health = health;
        this.status = status;
        this.metricsPage = metricsPage;
        this.metrics = metrics;
    }

    /** Answers a request; empty when the connection was taken over instead. */
    Optional<Answer> answer(HttpRequest request, Exchange exchange) {
        Optional<Answer> answer = route(request, exchange);
        answer.ifPresent(a -> metrics.answered(a.status()));
        return answer;
    }

    /** What is answered where {@link #answer} threw. */
    Answer failed(HttpRequest request, RuntimeException cause) {
        long now = System.nanoTime();
        long due = nextLogNanos.get();
        if (now - due >= 0 && nextLogNanos.compareAndSet(due, now + LOG_INTERVAL_NANOS)) {
            String path = request.getUri().path();
            LOG.error("request failed path={}", path.substring(0, Math.min(MOST_LOGGED, path.length())), cause);
        }
        metrics.answered(500);
        return Answer.line(500, "internal error").closing();
    }

    private Optional<Answer> route(HttpRequest request, Exchange exchange) {
        boolean isGet =
                request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
        String path = request.getUri().path();
        return switch (path) {
            case "/subscribe" -> isGet ? subscribe.answer(request, exchange) : notAllowed();
            case "/" -> isGet ? welcome(exchange) : notAllowed();
            case "/favicon.ico" -> isGet ? Optional.of(page.icon(new Headers(exchange.head()))) : notAllowed();
            case "/status" -> isGet ? status() : notAllowed();
            case "/healthz" -> isGet ? report(health.live()) : notAllowed();
            case "/readyz" -> isGet ? report(health.ready()) : notAllowed();
            case "/metrics" -> metricsPage.isEmpty() ? notFound() : isGet ? metrics() : notAllowed();
            default -> path.startsWith(Page.ASSETS) && isGet ? asset(path, exchange) : notFound();
        };
    }

    private Optional<Answer> welcome(Exchange exchange) {
        Optional<Answer> html = page.welcome(new Headers(exchange.head()));
        return html.isPresent()
                ? html
                : Optional.of(Answer.text(200, "Welcome to Jetstream").with("Vary", "Accept"));
    }

    private Optional<Answer> asset(String path, Exchange exchange) {
        Optional<Answer> file = page.asset(path, new Headers(exchange.head()));
        return file.isPresent() ? file : notFound();
    }

    private Optional<Answer> status() {
        return Optional.of(new Answer(200, ContentTypes.APPLICATION_JSON, status.json(), List.of())
                .with("Cache-Control", "no-store"));
    }

    private static Optional<Answer> report(Health.Report report) {
        return Optional.of(Answer.line(report.isGood() ? 200 : 503, report.text()));
    }

    private Optional<Answer> metrics() {
        return Optional.of(
                new Answer(200, METRICS_TYPE, metricsPage.orElseThrow().get(), List.of()));
    }

    private static Optional<Answer> notFound() {
        return Optional.of(Answer.line(404, "not found; the stream is at /subscribe"));
    }

    private static Optional<Answer> notAllowed() {
        return Optional.of(
                Answer.line(405, "only GET and HEAD are answered here").with("Allow", "GET, HEAD"));
    }
}
