package dev.jetstream.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadTest {
    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static RequestHead head(String text) {
        byte[] bytes = latin1("junk" + text + "next");
        return RequestHead.of(bytes, 4, bytes.length - 4);
    }

    @Test
    void a_head_that_comes_byte_by_byte_costs_one_step_for_each() {
        byte[] head = latin1("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        RequestHead.Scanner scanner = new RequestHead.Scanner();
        for (int i = 0; i < head.length - 1; i++) {
            assertThat(scanner.scan(head, i, i + 1)).isEqualTo(RequestHead.Scanner.MORE);
        }
        assertThat(scanner.scan(head, head.length - 1, head.length)).isEqualTo(head.length);
        assertThat(scanner.scanned()).isEqualTo(head.length);
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1|Host: a||', 27",
        "'GET / HTTP/1.1~Host: a~~', 24",
        "'GET / HTTP/1.1~Host: a~|', 25",
        "'GET /||body', 9",
        "'GET /@~@@~~', 11",
        "'GET / HTTP/1.1|Host: a|', -1",
        "'GET / HTTP/1.1', -1",
    })
    void a_head_ends_with_its_first_empty_line(String text, int end) {
        byte[] bytes = latin1(text.replace("|", "\r\n").replace("~", "\n").replace("@", "\r"));
        assertThat(new RequestHead.Scanner().scan(bytes, 0, bytes.length)).isEqualTo(end);
    }

    @Test
    void control_characters_in_the_request_line_are_no_http() {
        for (byte[] hello : new byte[][] {{0x16, 3, 1, 2, 0}, latin1("GET /\0 HTTP/1.1\r\n"), latin1("\u007f")}) {
            assertThat(new RequestHead.Scanner().scan(hello, 0, hello.length)).isEqualTo(RequestHead.Scanner.GARBAGE);
        }
        byte[] german = latin1("GET /\u00fc?\u00e4=1 HTTP/1.1\r\n\r\n");
        assertThat(new RequestHead.Scanner().scan(german, 0, german.length)).isEqualTo(german.length);
    }

    @Test
    void the_query_is_cut_off_and_the_target_kept() {
        RequestHead head = head("GET /subscribe?a=b|c&d=%zz?e HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head.method()).isEqualTo("GET");
        assertThat(head.target()).isEqualTo("/subscribe?a=b|c&d=%zz?e");
        assertThat(new String(head.bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("GET /subscribe HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(new String(head("GET / HTTP/1.1\r\nA: b?c d\r\n\r\n").bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("GET / HTTP/1.1\r\nA: b?c d\r\n\r\n");
    }

    @Test
    void a_request_line_of_other_than_three_words_has_no_target() {
        for (String line : new String[] {
            "GET", "GET /?a", "", " ", "GET /a b HTTP/1.1", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1"
        }) {
            RequestHead head = head(line + "\r\n\r\n");
            assertThat(head.target()).isEmpty();
            assertThat(new String(head.bytes(), StandardCharsets.ISO_8859_1)).isEqualTo(line + "\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://host:6008/subscribe?a=http://b/?c, /subscribe?a=http://b/?c, /subscribe",
        "HTTPS://[::1]:6008/a, /a, /a",
        "http://host, /, /",
        "http://host?a=/b, /?a=/b, /",
        "http://, /, /",
        "*, *, *",
        "/http://host/, /http://host/, /http://host/",
    })
    void the_authority_of_an_absolute_target_is_left_out(String sent, String target, String path) {
        RequestHead head = head("GET " + sent + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head.target()).isEqualTo(target);
        assertThat(new String(head.bytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length: 0, false",
        "content-length:00, false",
        "CONTENT-LENGTH: 1, true",
        "Content-Length: x, true",
        "Transfer-Encoding: chunked, true",
        "X-Content-Length: 5, false",
        "Content-Lengthy: 5, false",
    })
    void a_body_is_seen_by_its_header(String header, boolean hasBody) {
        assertThat(head("GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n").hasBody())
                .isEqualTo(hasBody);
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1|Host: a||', true",
        "'GET / HTTP/1.1~host:~~', true",
        "'GET / HTTP/1.0|Host: a||', false",
        "'GET / HTTP/1.1|X: a||', false",
        "'GET / HTTP/1.1|Host: a|Host: b||', false",
        "'GET / HTTP/1.1|Host: a|bad header line||', false",
        "'GET / HTTP/1.1|Host: a|X : b||', false",
        "'GET / HTTP/1.1|Host: a| folded: b||', false",
        "'GET / HTTP/1.1|Host: a|X: @b||', false",
        "'GET / HTTP/1.1|Host: a|X: \u0000||', false",
        "'GET / HTTP/1.1|Host: a|X: \t\u00fc||', true",
    })
    void a_strict_head_has_only_header_fields_and_one_host(String text, boolean isStrict) {
        String head = text.replace("|", "\r\n").replace("~", "\n").replace("@", "\r");
        assertThat(head(head).isStrict()).isEqualTo(isStrict);
    }

    @Test
    void a_head_of_many_fields_needs_little_stack() {
        assertThat(head("GET / HTTP/1.1\r\nHost: a\r\n" + "a:\r\n".repeat(200_000) + "\r\n")
                        .isStrict())
                .isTrue();
    }

    @Test
    void header_values_are_found_whatever_the_case_of_their_name() {
        RequestHead head = head("GET / HTTP/1.1\r\nA: 1\r\na:2 \r\nB: \r\nAA: 3\r\n\r\n");
        assertThat(head.all("a")).containsExactly("1", "2");
        assertThat(head.all("b")).containsExactly("");
        assertThat(head.all("get / http/1.1")).isEmpty();
        assertThat(head.all("c")).isEmpty();
    }
}
