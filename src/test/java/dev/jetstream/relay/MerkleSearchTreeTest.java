package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expectations are those of the protocol's interoperability tests. */
class MerkleSearchTreeTest {
    /** The leaf of the interoperability tests: bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454. */
    private static final Cid LEAF =
            Cid.ofDigest(HexFormat.of().parseHex("9d156bc3f3a520066252c708a9361fd3d089223842500e3713d404fdccb33cef"));

    private static final String PREFIX = "com.example.record/3jqfcqzm";

    @Test
    void theLeafIsTheOneOfTheInteroperabilityTests() {
        assertThat(LEAF).hasToString("bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454");
    }

    @ParameterizedTest
    @CsvSource({
        "'',0",
        "asdf,0",
        "blue,1",
        "2653ae71,0",
        "88bfafc7,2",
        "2a92d355,4",
        "884976f5,6",
        "app.bsky.feed.post/454397e440ec,4",
        "app.bsky.feed.post/9adeb165882c,8"
    })
    void aKeysLayerIsItsHashesLeadingZerosInPairs(String key, int layer) {
        assertThat(MerkleSearchTree.layer(key.getBytes(StandardCharsets.UTF_8), Cid.sha256()))
                .isEqualTo(layer);
    }

    @Test
    void knownTreesHaveTheirKnownRoots() {
        assertThat(root(tree())).isEqualTo("bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm");
        assertThat(root(tree("3fo2j"))).isEqualTo("bafyreibj4lsc3aqnrvphp5xmrnfoorvru4wynt6lwidqbm2623a6tatzdu");
        assertThat(root(tree("3fx2j"))).isEqualTo("bafyreih7wfei65pxzhauoibu3ls7jgmkju4bspy4t2ha2qdjnzqvoy33ai");
        assertThat(root(tree("3fp2j", "3fr2j", "3fs2j", "3ft2j", "4fc2j")))
                .isEqualTo("bafyreicmahysq4n6wfuxo522m6dpiy7z7qzym3dzs756t5n7nfdgccwq7m");
    }

    @Test
    void aDeleteTrimsTheTop() {
        MerkleSearchTree tree = tree("3fn2j", "3fo2j", "3fp2j", "3fs2j", "3ft2j", "3fu2j");
        assertThat(root(tree)).isEqualTo("bafyreifnqrwbk6ffmyaz5qtujqrzf5qmxf7cbxvgzktl4e3gabuxbtatv4");
        tree.remove(PREFIX + "3fs2j");
        assertThat(root(tree)).isEqualTo("bafyreie4kjuxbwkhzg2i5dljaswcroeih4dgiqq6pazcmunwt2byd725vi");
    }

    @Test
    void anInsertionThatSplitsTwoLayersIsUndoneByItsDelete() {
        MerkleSearchTree tree =
                tree("3fo2j", "3fp2j", "3fr2j", "3fs2j", "3ft2j", "3fz2j", "4fc2j", "4fd2j", "4ff2j", "4fg2j", "4fh2j");
        String before = "bafyreiettyludka6fpgp33stwxfuwhkzlur6chs4d2v4nkmq2j3ogpdjem";
        assertThat(root(tree)).isEqualTo(before);
        tree.put(PREFIX + "3fx2j", LEAF);
        assertThat(root(tree)).isEqualTo("bafyreid2x5eqs4w4qxvc5jiwda4cien3gw2q6cshofxwnvv7iucrmfohpm");
        tree.remove(PREFIX + "3fx2j");
        assertThat(root(tree)).isEqualTo(before);
    }

    @Test
    void newLayersMayBeTwoHigher() {
        MerkleSearchTree tree = tree("3ft2j", "3fz2j");
        String flat = "bafyreidfcktqnfmykz2ps3dbul35pepleq7kvv526g47xahuz3rqtptmky";
        String high = "bafyreiavxaxdz7o7rbvr3zg2liox2yww46t7g6hkehx4i4h3lwudly7dhy";
        assertThat(root(tree)).isEqualTo(flat);
        tree.put(PREFIX + "3fx2j", LEAF);
        assertThat(root(tree)).isEqualTo(high);
        tree.remove(PREFIX + "3fx2j");
        assertThat(root(tree)).isEqualTo(flat);
        tree.put(PREFIX + "3fx2j", LEAF);
        tree.put(PREFIX + "4fd2j", LEAF);
        assertThat(root(tree)).isEqualTo("bafyreig4jv3vuajbsybhyvb7gggvpwh2zszwfyttjrj6qwvcsp24h6popu");
        tree.remove(PREFIX + "4fd2j");
        assertThat(root(tree)).isEqualTo(high);
    }

    @Test
    void removingWhatIsNotThereIsRefused() {
        MerkleSearchTree tree = tree("3fo2j");
        assertThatThrownBy(() -> tree.remove(PREFIX + "3fx2j"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(PREFIX + "3fx2j");
    }

    /** The blocks handed out over all changes suffice to walk the tree to exactly its contents, whatever the order of changes. */
    @Property(tries = 100)
    void anyHistoryGivesTheTreeOfItsContents(
            @ForAll @Size(max = 120) List<@IntRange(max = 60) Integer> toggles, @ForAll long seed) throws IOException {
        MerkleSearchTree tree = new MerkleSearchTree(Cid.sha256());
        Map<String, String> held = new TreeMap<>();
        Map<String, byte[]> store = new HashMap<>();
        Cid root = tree.root((cid, block) -> store.put(hex(cid), block));
        for (int toggle : toggles) {
            String key = "app.bsky.feed.post/" + toggle * 7919;
            if (held.remove(key) == null) {
                tree.put(key, LEAF);
                held.put(key, hex(LEAF));
            } else {
                tree.remove(key);
            }
            assertThat(tree.get(key) != null).isEqualTo(held.containsKey(key));
            root = tree.root((cid, block) -> store.put(hex(cid), block));
        }
        assertThat(TestFrames.walk(hex(root), store)).isEqualTo(held);
        List<String> shuffled = new ArrayList<>(held.keySet());
        Collections.shuffle(shuffled, new Random(seed));
        MerkleSearchTree fresh = new MerkleSearchTree(Cid.sha256());
        shuffled.forEach(key -> fresh.put(key, LEAF));
        assertThat(root(fresh)).isEqualTo(root.toString());
    }

    private static String hex(Cid cid) {
        return HexFormat.of().formatHex(cid.toBytes());
    }

    private static MerkleSearchTree tree(String... keys) {
        MerkleSearchTree tree = new MerkleSearchTree(Cid.sha256());
        for (String key : keys) {
            tree.put(PREFIX + key, LEAF);
        }
        return tree;
    }

    private static String root(MerkleSearchTree tree) {
        return tree.root((cid, block) -> {}).toString();
    }
}
