package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The stream that the relay sends: its cursors, its backlog, its pace. */
class RelayServerIT extends RelayServerFixture {
    @Test
    void theFirstClientGetsEveryFrameAndTheLimitHolds() throws IOException {
        SyntheticSource source = start(FAST.withLimit(300));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.head).contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            for (long seq = 1; seq <= 300; seq++) {
                assertThat(client.read().seq()).isEqualTo(seq);
            }
            assertThat(source.newestSeq()).isEqualTo(300);
            source.setLimit(301);
            assertThat(client.read().seq()).isEqualTo(301);
        }
        assertThat(relay.cursors()).containsExactly(OptionalLong.empty());
    }

    @Test
    void withoutACursorAClientGetsOnlyWhatComes() throws IOException {
        SyntheticSource source = start(FAST.withLimit(50));
        try (RelayClient first = RelayClient.connect(relay, "")) {
            read(first, 1, 50);
            try (RelayClient second = RelayClient.connect(relay, "?x=y")) {
                await(() -> relay.connections() == 2);
                source.setLimit(52);
                read(second, 51, 52);
                read(first, 51, 52);
            }
        }
    }

    @Test
    void aCursorResumesBehindItWithoutAGap() throws IOException {
        start(FAST.withLimit(3_000));
        long next = 1;
        for (int cut = 500; cut <= 3_000; cut += 500) {
            try (RelayClient client = RelayClient.connect(relay, "?cursor=" + (next - 1))) {
                read(client, next, cut);
                next = cut + 1;
            }
        }
        assertThat(relay.cursors()).hasSize(6).endsWith(OptionalLong.of(2_500));
    }

    @Test
    void severalClientsGetTheSameBytes() throws IOException {
        start(FAST.withLimit(400));
        try (RelayClient a = RelayClient.connect(relay, "");
                RelayClient b = RelayClient.connect(relay, "?cursor=0")) {
            for (int i = 0; i < 400; i++) {
                assertThat(a.read().payload()).isEqualTo(b.read().payload());
            }
        }
    }

    @Test
    void aCursorInTheFutureIsAnErrorFrameAndAClose() throws IOException {
        start(FAST.withLimit(10));
        try (RelayClient client = RelayClient.connect(relay, "?cursor=11")) {
            TestFrames.Parsed error = client.read().parsed();
            assertThat(error.header().get("op").asInt()).isEqualTo(-1);
            assertThat(error.header().size()).isEqualTo(1);
            assertThat(error.body().get("error").asText()).isEqualTo("FutureCursor");
            assertThat(error.body().get("message").asText()).isNotEmpty();
            assertThat(client.read().closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void aCursorOlderThanTheBacklogIsToldSoAndGetsTheOldest() throws IOException {
        start(FAST.withLimit(1_000).withBacklog(100, 1 << 20));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1_000);
        }
        try (RelayClient client = RelayClient.connect(relay, "?cursor=500")) {
            TestFrames.Parsed info = client.read().parsed();
            assertThat(info.type()).isEqualTo("#info");
            assertThat(info.body().get("name").asText()).isEqualTo("OutdatedCursor");
            read(client, 901, 1_000);
        }
        try (RelayClient client = RelayClient.connect(relay, "?cursor=900")) {
            read(client, 901, 1_000);
        }
    }

    @Test
    void aSlowClientIsToldSoAndOthersAreNot() throws IOException {
        start(FAST.withBacklog(500, 1 << 20).withLimit(10_000));
        try (RelayClient slow = RelayClient.connect(relay, "")) {
            await(() -> relay.connections() == 1);
            try (RelayClient quick = RelayClient.connect(relay, "?cursor=0")) {
                for (int i = 1; i < 10_000; i++) {
                    quick.read();
                }
                read(quick, 10_000, 10_000);
            }
            long seq = 1;
            TestFrames.Parsed next = slow.read().parsed();
            while (next.body().has("seq")) {
                assertThat(next.body().get("seq").asLong()).isEqualTo(seq++);
                next = slow.read().parsed();
            }
            assertThat(seq).isLessThan(10_000);
            assertThat(next.header().get("op").asInt()).isEqualTo(-1);
            assertThat(next.body().get("error").asText()).isEqualTo("ConsumerTooSlow");
            assertThat(slow.read().closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void atARateFramesComeWithoutAnyoneAskingForThem() throws IOException {
        SyntheticSource source =
                start(SyntheticOptions.defaults().withRate(2_000).withLimit(300));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1);
        }
        await(() -> source.newestSeq() == 300);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=1")) {
            read(client, 2, 300);
        }
    }
}
