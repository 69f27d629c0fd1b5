package dev.jetstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    private static String filled(String page) {
        return MetricsPage.withEmptyHistograms(page, List.of(1.0E-4), List.of(10.0));
    }

    @Test
    void aHistogramWithoutSamplesGetsThemAllAsZero() {
        assertThat(filled("# TYPE a_seconds histogram\n# TYPE b histogram\n"))
                .isEqualTo("# TYPE a_seconds histogram\n"
                        + "a_seconds_bucket{le=\"1.0E-4\"} 0.0\na_seconds_bucket{le=\"+Inf\"} 0.0\n"
                        + "a_seconds_count 0.0\na_seconds_sum 0.0\n"
                        + "# TYPE b histogram\nb_bucket{le=\"10.0\"} 0.0\nb_bucket{le=\"+Inf\"} 0.0\n"
                        + "b_count 0.0\nb_sum 0.0\n");
    }

    @Test
    void whatHasSamplesStaysAsItIs() {
        String page =
                "# TYPE c_total counter\nc_total 1.0\n# TYPE d histogram\nd_bucket{le=\"+Inf\"} 2.0\nd_count 2.0\n"
                        + "d_sum 3.0\n# TYPE e gauge\ne 0.0\n";
        assertThat(filled(page)).isEqualTo(page);
    }
}
