package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpEndpointTest {
    @ParameterizedTest
    @CsvSource({
        "10000, 1048576, 10000",
        "10000, 10512, 10000",
        "10000, 10511, 9999",
        "10000, 1024, 512",
        "10000, 64, 16",
        "10, 64, 10",
        "10000, -1, 10000",
        "10000, 9223372036854775807, 10000",
    })
    void connections_leave_room_for_files(int wished, long limit, int connections) {
        assertThat(HttpEndpoint.maxConnections(wished, limit)).isEqualTo(connections);
    }
}
