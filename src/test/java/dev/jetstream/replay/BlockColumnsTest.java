package dev.jetstream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Frames;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockColumnsTest {
    private static final String DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
    private static final long TIME_US = 1787220000000000L;

    private static final String CREATE = "{\"did\":\"" + DID + "\",\"time_us\":" + TIME_US
            + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"3kabcdefghi2k\",\"operation\":\"create\",\"collection\":\"com.example.note\","
            + "\"rkey\":\"3k2a\",\"record\":{\"$type\":\"com.example.note\",\"text\":\"hi\"},"
            + "\"cid\":\"bafyreiay4l5ho7inffpyrdoyqoom5pgzh3w76jnsbdedqergz76mdvrj4q\"}}";
    private static final String IDENTITY = "{\"did\":\"" + DID + "\",\"time_us\":" + (TIME_US + 1)
            + ",\"kind\":\"identity\",\"identity\":{\"did\":\"" + DID
            + "\",\"handle\":\"a.example\",\"seq\":7,\"time\":\"2026-08-20T10:00:00.000Z\"}}";
    private static final String DELETE = "{\"did\":\"" + DID + "\",\"time_us\":" + (TIME_US + 2)
            + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"3kabcdefghj2k\",\"operation\":\"delete\",\"collection\":\"com.example.note\","
            + "\"rkey\":\"3k2a\"}}";

    /** Made from the specification of the format, not by this code. */
    private static final String VECTOR =
            "0300000001000000000000000200000000000000030000000000000000483c957759060001483c957759060002483c95775906000000000000000000000000000000000000000000000000000104031000102000200020000400040d000d200000005c00000000000000"
                    + "636f6d2e6578616d706c652e6e6f7465636f6d2e6578616d706c652e6e6f7465"
                    + "6469643a706c633a6161616161616161616161616161616161616161616161616469643a706c633a6161616161616161616161616161616161616161616161616469643a706c633a616161616161616161616161616161616161616161616161"
                    + "336b3261336b3261336b616263646566676869326b336b61626364656667686a326b"
                    + "a2647465787462686965247479706570636f6d2e6578616d706c652e6e6f7465a46364696478206469643a706c633a61616161616161616161616161616161616161616161616163736571076474696d657818323032362d30382d32305431303a30303a30302e3030305a6668616e646c6569612e6578616d706c65";

    private static EventBlock block(String... messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int[] ends = new int[messages.length];
        long[] times = new long[messages.length];
        byte[] kinds = new byte[messages.length];
        short[] didLengths = new short[messages.length];
        for (int i = 0; i < messages.length; i++) {
            bytes.writeBytes(FrameHeader.frame(FrameHeader.TEXT, messages[i].getBytes(UTF_8)));
            ends[i] = bytes.size();
            times[i] = TIME_US + i;
            EventKind kind = messages[i].contains("\"kind\":\"identity\"") ? EventKind.IDENTITY : EventKind.COMMIT;
            kinds[i] = (byte) kind.number();
            didLengths[i] = (short) DID.length();
        }
        return new EventBlock(
                new EventBlock.Head(1, 0, RelaySeqs.NONE),
                new Frames(bytes.toByteArray(), ends),
                times,
                kinds,
                new int[messages.length],
                didLengths,
                List.of("com.example.note"));
    }

    private static BlockColumns columns(String... messages) {
        EventBlock block = block(messages);
        BlockColumns columns = new BlockColumns(messages.length);
        for (int i = 0; i < messages.length; i++) {
            columns.add(block, i);
        }
        return columns;
    }

    @Test
    void the_vector_of_the_format_is_met_byte_for_byte() {
        byte[] body = columns(CREATE, IDENTITY, DELETE).body();
        assertThat(HexFormat.of().formatHex(body)).isEqualTo(VECTOR);
    }

    @Test
    void a_frame_decodes_to_the_body() {
        BlockColumns columns = columns(CREATE, IDENTITY, DELETE);
        byte[] frame = columns.frame();
        assertThat(Zstd.decompress(frame, (int) Zstd.getFrameContentSize(frame)))
                .isEqualTo(columns.body());
    }

    @Test
    void an_empty_block_is_its_count() {
        assertThat(new BlockColumns(4096).body()).containsExactly(0, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"text\":\"ho\"", // another record than the CID's
                "\"text\":{\"$link\":\"QmX\"}",
                "\"text\":{\"$link\":\"b!\"}",
                "\"text\":{\"$bytes\":\"*\"}",
                "\"text\":123456789012345678901234567890"
            })
    void a_record_that_is_not_its_cid_s_is_left_out_alone(String text) {
        BlockColumns columns = columns(CREATE.replace("\"text\":\"hi\"", text), IDENTITY, DELETE);
        assertThat(columns.leftOut()).isEqualTo(1);
        ByteBuffer body = ByteBuffer.wrap(columns.body()).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(body.getInt()).isEqualTo(2);
        assertThat(body.getLong()).isEqualTo(2);
        assertThat(body.getLong()).isEqualTo(3);
    }

    @Test
    void an_rkey_that_its_column_has_no_room_for_is_left_out() {
        assertThat(columns(DELETE.replace("3k2a", "k".repeat(256))).leftOut()).isEqualTo(1);
        assertThat(columns(DELETE.replace("3k2a", "k".repeat(255))).leftOut()).isZero();
    }
}
