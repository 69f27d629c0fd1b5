package dev.jetstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrameHeaderTest {
    @Property
    void whatIsWrittenIsRead(
            @ForAll @IntRange(min = 0, max = 15) int opcode, @ForAll @IntRange(max = 200_000) int payload) {
        byte[] bytes = new byte[FrameHeader.MAX_BYTES];
        int end = FrameHeader.write(bytes, 0, opcode, payload);
        assertThat(end).isEqualTo(FrameHeader.size(payload)).isEqualTo(FrameHeader.length(bytes, 0, 2));
        assertThat(FrameHeader.sizeWithin(end + payload)).isEqualTo(end);
        assertThat(FrameHeader.payloadLength(bytes, 0)).isEqualTo(payload);
        assertThat(FrameHeader.opcode(bytes, 0)).isEqualTo(opcode);
        assertThat(FrameHeader.isFinal(bytes, 0)).isTrue();
        assertThat(FrameHeader.isMasked(bytes, 0)).isFalse();
        assertThat(FrameHeader.reserved(bytes, 0)).isZero();
    }

    @Test
    void theShortestLengthIsUsedAtEachBorder() {
        assertThat(FrameHeader.size(125)).isEqualTo(2);
        assertThat(FrameHeader.size(126)).isEqualTo(4);
        assertThat(FrameHeader.size(65_535)).isEqualTo(4);
        assertThat(FrameHeader.size(65_536)).isEqualTo(10);
    }

    @Test
    void aHeaderIsKnownByItsFramesLengthAtEachBorder() {
        for (int payload : new int[] {0, 125, 126, 65_535, 65_536}) {
            int header = FrameHeader.size(payload);
            assertThat(FrameHeader.sizeWithin(header + payload)).isEqualTo(header);
        }
    }

    @Test
    void aLengthOfTwoTo63IsNegative() {
        byte[] bytes = {(byte) 0x82, 127, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0};
        assertThat(FrameHeader.payloadLength(bytes, 0)).isNegative();
    }

    @Test
    void oneByteDoesNotTellTheHeadersLength() {
        assertThat(FrameHeader.length(new byte[] {1}, 0, 1)).isEqualTo(-1);
        assertThat(FrameHeader.length(new byte[] {1, (byte) 0xFF}, 0, 2)).isEqualTo(14);
    }

    @Test
    void theExampleOfTheRfcIsAccepted() {
        assertThat(Handshake.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void aCloseReasonIsCutAtACharactersEdge() {
        byte[] frame = CloseFrame.of(CloseFrame.POLICY_VIOLATION, "x" + "é".repeat(100));
        assertThat(frame.length).isEqualTo(2 + 2 + 123);
        assertThat(new String(frame, 4, 123, StandardCharsets.UTF_8)).isEqualTo("x" + "é".repeat(61));
        byte[] cut = CloseFrame.of(CloseFrame.POLICY_VIOLATION, "é".repeat(100));
        assertThat(new String(cut, 4, cut.length - 4, StandardCharsets.UTF_8)).isEqualTo("é".repeat(61));
    }

    @Test
    void codesThatNobodyMaySend() {
        assertThat(CloseFrame.mayBeSent(1000)).isTrue();
        assertThat(CloseFrame.mayBeSent(4999)).isTrue();
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
            assertThat(CloseFrame.mayBeSent(code)).as("%d", code).isFalse();
        }
    }
}
