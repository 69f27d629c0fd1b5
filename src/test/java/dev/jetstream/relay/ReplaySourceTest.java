package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jetstream.websocket.FrameHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReplaySourceTest {
    private static final int FRAMES = 30;

    private static List<byte[]> frames(long firstSeq, int count) {
        SyntheticNetwork network = new SyntheticNetwork(1, 10, firstSeq, InstantSource.system());
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(network.next().frame());
        }
        return frames;
    }

    /** The next {@code count} messages of a client that comes with this cursor. */
    private static List<byte[]> take(ReplaySource source, OptionalLong cursor, int count) throws Exception {
        FrameSource.Opened opened = (FrameSource.Opened) source.open(cursor);
        List<byte[]> messages = new ArrayList<>();
        FrameBatch batch = new FrameBatch();
        while (messages.size() < count) {
            batch.clear();
            assertThat(opened.reader().read(batch, 1_000_000)).isTrue();
            byte[] all = Arrays.copyOf(batch.bytes(), batch.size());
            for (int at = 0; at < all.length; ) {
                int payload = at + FrameHeader.length(all, at, all.length);
                at = payload + (int) FrameHeader.payloadLength(all, at);
                messages.add(Arrays.copyOfRange(all, payload, at));
            }
        }
        return messages.subList(0, count);
    }

    private static long seq(byte[] frame) throws Exception {
        return TestFrames.parse(frame).body().get("seq").asLong();
    }

    @Test
    void theFirstLapIsTheCaptureByteForByte() throws Exception {
        List<byte[]> frames = frames(200, FRAMES);
        assertThat(take(ReplaySource.of(frames, false, 0), OptionalLong.empty(), FRAMES))
                .containsExactlyElementsOf(frames);
    }

    @Test
    void eachLapHasSeqsOfItsOwnInTheirShortestFormAndIsOtherwiseTheSame() throws Exception {
        List<byte[]> frames = frames(1, FRAMES);
        List<byte[]> sent = take(ReplaySource.of(frames, true, 0), OptionalLong.empty(), 10 * FRAMES);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(seq(sent.get(i))).isEqualTo(i + 1);
            TestFrames.Parsed was = TestFrames.parse(frames.get(i % FRAMES));
            TestFrames.Parsed is = TestFrames.parse(sent.get(i));
            ((ObjectNode) is.body()).set("seq", was.body().get("seq"));
            assertThat(is).isEqualTo(was);
            int width = i + 1 < 24 ? 0 : i + 1 < 256 ? 1 : 2;
            int widthBefore = i % FRAMES + 1 < 24 ? 0 : 1;
            assertThat(sent.get(i)).hasSize(frames.get(i % FRAMES).length + width - widthBefore);
        }
    }

    @Test
    void anyCursorResumesRightBehindIt() throws Exception {
        List<byte[]> frames = frames(1_000, FRAMES);
        frames.subList(5, 9).clear();
        ReplaySource source = ReplaySource.of(frames, true, 0);
        List<byte[]> all = take(source, OptionalLong.empty(), 4 * frames.size());
        for (int i = 0; i < 3 * frames.size(); i++) {
            List<byte[]> resumed = take(source, OptionalLong.of(seq(all.get(i))), 5);
            assertThat(resumed).containsExactlyElementsOf(all.subList(i + 1, i + 6));
        }
        assertThat(take(source, OptionalLong.of(1_006), 1).get(0))
                .as("a seq in a gap")
                .isEqualTo(all.get(5));
        assertThat(((FrameSource.Opened) source.open(OptionalLong.of(998))).outdated())
                .isTrue();
        assertThat(((FrameSource.Opened) source.open(OptionalLong.of(999))).outdated())
                .isFalse();
    }

    @Test
    void aCursorBeyondWhatWasSentIsTheFuture() throws Exception {
        ReplaySource source = ReplaySource.of(frames(100, FRAMES), false, 0);
        assertThat(source.open(OptionalLong.of(100))).isEqualTo(new FrameSource.FutureCursor(99));
        take(source, OptionalLong.empty(), FRAMES);
        assertThat(source.open(OptionalLong.of(99 + FRAMES))).isInstanceOf(FrameSource.Opened.class);
        assertThat(source.open(OptionalLong.of(100 + FRAMES))).isEqualTo(new FrameSource.FutureCursor(99 + FRAMES));
    }

    @Test
    void seqsThatDoNotIncreaseAreNumberedAnew() throws Exception {
        List<byte[]> frames = frames(50, 3);
        List<byte[]> repeated = List.of(frames.get(1), frames.get(1), frames.get(0));
        List<byte[]> sent = take(ReplaySource.of(repeated, true, 0), OptionalLong.empty(), 6);
        for (int i = 0; i < 6; i++) {
            assertThat(seq(sent.get(i))).isEqualTo(51 + i);
        }
    }

    @Test
    void whatHasNoSeqIsSentAsItIs() throws Exception {
        byte[] info = StreamFrames.info("OutdatedCursor", "x");
        byte[] garbage = {(byte) 0xA1, 0x63, 's'};
        List<byte[]> frames = frames(10, 2);
        List<byte[]> mixed = List.of(info, frames.get(0), garbage, frames.get(1));
        ReplaySource source = ReplaySource.of(mixed, true, 0);
        List<byte[]> sent = take(source, OptionalLong.empty(), 8);
        assertThat(List.of(sent.get(0), sent.get(4))).containsExactly(info, info);
        assertThat(List.of(sent.get(2), sent.get(6))).containsExactly(garbage, garbage);
        assertThat(seq(sent.get(1))).isEqualTo(10);
        assertThat(seq(sent.get(7))).isGreaterThan(seq(sent.get(5))).isGreaterThan(11);
        assertThat(seq(take(source, OptionalLong.of(10), 1).get(0))).isEqualTo(11);
    }

    @Test
    void atARateTheEndOfOneLapIsTheEndUnlessItLoops() throws Exception {
        ReplaySource once = ReplaySource.of(frames(10, 3), false, 1_000_000);
        assertThat(take(once, OptionalLong.of(0), 3)).hasSize(3);
        FrameSource.Opened opened = (FrameSource.Opened) once.open(OptionalLong.of(12));
        FrameBatch batch = new FrameBatch();
        opened.reader().read(batch, 1_000_000);
        assertThat(batch.isEmpty()).isTrue();
        assertThat(take(ReplaySource.of(frames(10, 3), true, 100_000), OptionalLong.of(0), 50))
                .hasSize(50);
    }

    @Test
    void theFirstClientGetsTheFirstFrameAtAnyRate() throws Exception {
        for (double rate : new double[] {0, 1, 1_000, 10_000_000}) {
            ReplaySource source = ReplaySource.of(frames(10, 3), true, rate);
            assertThat(seq(take(source, OptionalLong.empty(), 1).get(0)))
                    .as("rate %s", rate)
                    .isEqualTo(10);
        }
    }

    @Test
    void seqsAreFoundWhateverStandsAroundThem() {
        byte[] nested = new CborWriter(64)
                .map(1)
                .text("t")
                .text("#x")
                .map(3)
                .text("a")
                .array(2)
                .integer(-5)
                .link(Cid.ofDigest(new byte[32]))
                .text("b")
                .map(1)
                .text("seq")
                .integer(9)
                .text("seq")
                .integer(70_000)
                .toByteArray();
        CaptureFile.Frame frame = CaptureFile.Frame.of(nested);
        assertThat(frame.seq()).isEqualTo(70_000);
        assertThat(frame.seqEnd() - frame.seqAt()).isEqualTo(5);
        assertThat(frame.seqEnd()).isEqualTo(nested.length);
    }

    @Test
    void anyTruncationOfAFrameIsTakenForAFrameWithoutASeqOrWithItsOwn() {
        byte[] frame = frames(100_000, 1).get(0);
        for (int length = 0; length < frame.length; length++) {
            assertThat(CaptureFile.Frame.of(Arrays.copyOf(frame, length)).seq()).isIn(-1L, 100_000L);
        }
        assertThat(CaptureFile.Frame.of(new byte[] {(byte) 0x9B, 0x7F, -1, -1, -1, -1, -1, -1, -1})
                        .hasSeq())
                .isFalse();
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x81);
        assertThat(CaptureFile.Frame.of(deep).hasSeq()).isFalse();
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> ReplaySource.of(List.of(), false, 0)).hasMessageContaining("at least one frame");
        assertThatThrownBy(() -> ReplaySource.of(frames(1, 1), false, -1))
                .hasMessageContaining("rate")
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> ReplaySource.of(frames(1, 1), false, Double.NaN))
                .hasMessageContaining("rate");
        assertThatThrownBy(() -> SyntheticOptions.defaults().withAccounts(0))
                .hasMessageContaining("accounts must be 1 to 100000: 0");
        assertThatThrownBy(() -> SyntheticOptions.defaults().withRate(-0.5)).hasMessageContaining("rate");
        assertThatThrownBy(() -> SyntheticOptions.defaults().withRate(Double.NaN))
                .hasMessageContaining("rate");
        assertThatThrownBy(() -> SyntheticOptions.defaults().withLimit(-1)).hasMessageContaining("limit");
        assertThatThrownBy(() -> SyntheticOptions.defaults().withFirstSeq(0)).hasMessageContaining("seq");
        assertThatThrownBy(() -> SyntheticOptions.defaults().withBacklog(0, 1 << 20))
                .hasMessageContaining("backlog");
        assertThatThrownBy(() -> SyntheticOptions.defaults().withBacklog(1, 5)).hasMessageContaining("1 MiB");
        assertThatThrownBy(() -> RelayOptions.at("127.0.0.1", 65_536))
                .hasMessageContaining("port")
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> RelayOptions.at(" ", 1)).hasMessageContaining("host");
    }

    @Test
    void aRealCaptureKeepsItsBytesAndItsSeqsRiseOverLaps() throws Exception {
        Path file = Path.of(System.getProperty("jetstream.corpus", "../shared/corpus"), "frames.bin.zst");
        assumeTrue(Files.exists(file), "no captured frames at " + file + ": set -Djetstream.corpus");
        List<byte[]> captured = CaptureFile.read(file);
        List<byte[]> sent = take(ReplaySource.open(file, true, 0), OptionalLong.empty(), 3 * captured.size());
        assertThat(sent.subList(0, captured.size())).containsExactlyElementsOf(captured);
        long last = 0;
        for (byte[] frame : sent) {
            assertThat(seq(frame)).isGreaterThan(last);
            last = seq(frame);
        }
    }
}
