package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class PromqlTest {
    @Test
    void seriesAreToldFromFunctionsAndLabels() {
        assertThat(Promql.of(
                        "histogram_quantile(0.99, sum by (le) (rate(a_bucket{instance=~\"$instance\"}[5m]))) > 0.5"))
                .containsExactly(new Promql("a_bucket", Set.of("le", "instance")));
        assertThat(Promql.of("max(time() - (a{b=\"c d\",e!=\"f\"} > 0))"))
                .containsExactly(new Promql("a", Set.of("b", "e")));
        assertThat(Promql.of("a > 30 or b:c < 0"))
                .containsExactly(new Promql("a", Set.of()), new Promql("b:c", Set.of()));
        assertThat(Promql.of("sum(rate(a[$__rate_interval])) / sum(rate(b[15m])) * 86400"))
                .containsExactly(new Promql("a", Set.of()), new Promql("b", Set.of()));
    }
}
