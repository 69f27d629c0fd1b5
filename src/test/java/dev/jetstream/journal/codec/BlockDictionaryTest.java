package dev.jetstream.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockDictionaryTest {
    private static final Random RANDOM = new Random(1);
    private static final String TEXT = "\"operation\":\"create\",\"collection\":\"app.bsky.feed.like\",\"rkey\":\"3m"
            + Blocks.letters(RANDOM, 11) + "\",\"record\":{\"$type\":\"app.bsky.feed.like\",\"createdAt\":"
            + "\"2026-07-04T12:34:56.789Z\",\"subject\":{\"cid\":\"bafyrei" + Blocks.letters(RANDOM, 52)
            + "\",\"uri\":\"at://did:plc:" + Blocks.letters(RANDOM, 24) + "/app.bsky.feed.post/3m\"}}";

    /** Blocks that lie in somebody's journal: what was once written with a dictionary must be read with it for ever. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            0, 0000cd0600d28e2f215047e501b041a16bdfb76f5f4f7f593be6b1b392aadcc0404247b3c2465555580309092cd561a3490f\
               2615c8b09ea751b2313cf3953efa24f76e91b683ee38dac28ae0825f6361b3225b1b853f251c52ee077352decafb9814ddea\
               14140f2f2e922ecbaaebad875fef73c6cd0e36dbfec01011176c3020c0186b6945751250a020050629ac0449b8d912b8a7d7\
               023042b3abb3bd4f4b7258f33c2e211537df77aa03a3e1fe9f719d8819947afb1867e382dffad7c6cdcf84d6ebd3c9010800\
               d599fc4131369062291bd81a0450742e5bd45aa43b9d
            1, 00009d03008286171b70691d66a4fe92d1b4c0371179246b55218ca03413a0acfefffb028b9d876c6bafec914e0d9d3b97cc\
               fe31f95d223cb8a427c34f99178a793ab2c6975c1a78e85310ae20e6105ab8be5d2024c02275540d0486133012cf9589f5ad\
               1d4c050018ed32c865293b30207a93c66fc9ac01
            2, 0000fd02008386121372d2855a370d6aae8d96474cc44c52328dc70dec9ed3085baa925293f2da94b31eb29839758bd72665\
               87c90f8ade831c32d09a944412f872b89683557ee0285f4449c1e9998dd6b50a05f0187121b9acb40263458f127e4bf32902
            """)
    void whatWasOnceWrittenIsStillRead(int id, String hex) {
        byte[] stored = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] text = new byte[TEXT.length()];
        assertThat(BlockDictionary.of(id).decompress(stored, 0, text, text.length))
                .isNull();
        assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo(TEXT);
    }

    @Test
    void eachIsBetterThanTheOneBefore() {
        int[] sizes = new int[3];
        Arrays.setAll(sizes, id -> compressed(BlockDictionary.of(id)).length);
        assertThat(sizes[1]).isLessThan(sizes[0] * 2 / 3);
        assertThat(sizes[2]).isLessThan(sizes[1] * 9 / 10);
        assertThat(BlockDictionary.toWrite(TEXT.length()).id()).isEqualTo(2);
    }

    private static byte[] compressed(BlockDictionary dictionary) {
        ByteWriter body = new ByteWriter(TEXT.length());
        body.put(TEXT.getBytes(StandardCharsets.UTF_8), 0, TEXT.length());
        return dictionary.compress(body, new ByteWriter(64));
    }
}
