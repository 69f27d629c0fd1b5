package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SyntheticNetworkTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-07-04T12:00:00.120Z"));
    private static final int ACCOUNTS = 20;
    private static final int FRAMES = 4_000;

    private final SyntheticNetwork network = new SyntheticNetwork(5, ACCOUNTS, 1, CLOCK);

    @Test
    void theSameSeedGivesTheSameFrames() {
        SyntheticNetwork twin = new SyntheticNetwork(5, ACCOUNTS, 1, CLOCK);
        SyntheticNetwork other = new SyntheticNetwork(6, ACCOUNTS, 1, CLOCK);
        int differing = 0;
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = network.next().frame();
            assertThat(twin.next().frame()).isEqualTo(frame);
            differing += Arrays.equals(other.next().frame(), frame) ? 0 : 1;
        }
        assertThat(differing).isEqualTo(FRAMES);
    }

    @Test
    void onlyTheTimeIsTheClocks() {
        SyntheticNetwork later =
                new SyntheticNetwork(5, ACCOUNTS, 1, InstantSource.fixed(Instant.parse("2027-01-01T00:00:00Z")));
        for (int i = 0; i < 500; i++) {
            SyntheticNetwork.Made made = network.next();
            byte[] frame = later.next().frame();
            assertThat(text(frame)
                            .replace("2027-01-01T00:00:00.000Z", made.sent().time()))
                    .isEqualTo(text(made.frame()));
        }
    }

    @Test
    void everyCommitLeavesARepositoryThatIsWhatItsOpsSay() throws Exception {
        Map<String, Map<String, String>> contents = new HashMap<>();
        Map<String, byte[]> store = new HashMap<>();
        Map<String, JsonNode> before = new HashMap<>();
        for (int i = 0; i < FRAMES / 4; i++) {
            SyntheticNetwork.Made made = network.next();
            if (made.sent() instanceof SentFrame.Commit sent) {
                JsonNode body = TestFrames.parse(made.frame()).body();
                Map<String, byte[]> blocks =
                        TestFrames.blocks(body.get("blocks").binaryValue());
                store.putAll(blocks);
                Map<String, String> held = contents.computeIfAbsent(sent.did(), did -> new TreeMap<>());
                applyOps(body, held, blocks);
                JsonNode commit = TestFrames.cbor(blocks.get(TestFrames.link(body.get("commit"))));
                assertThat(commit.get("did").asText())
                        .isEqualTo(body.get("repo").asText());
                assertThat(commit.get("rev").asText()).isEqualTo(body.get("rev").asText());
                assertThat(commit.get("version").asInt()).isEqualTo(3);
                assertThat(TestFrames.walk(TestFrames.link(commit.get("data")), store))
                        .isEqualTo(held);
                checkChain(before.put(sent.did(), body), commit, body, store);
            }
        }
        assertThat(contents).hasSize(ACCOUNTS);
    }

    private static void applyOps(JsonNode body, Map<String, String> held, Map<String, byte[]> blocks) throws Exception {
        for (JsonNode op : body.get("ops")) {
            String path = op.get("path").asText();
            String action = op.get("action").asText();
            String prev = op.has("prev") ? TestFrames.link(op.get("prev")) : null;
            assertThat(held.get(path)).as("the record before a %s", action).isEqualTo(prev);
            assertThat(action.equals("create")).isEqualTo(prev == null);
            assertThat(action.equals("delete")).isEqualTo(op.get("cid").isNull());
            if (op.get("cid").isNull()) {
                held.remove(path);
            } else {
                held.put(path, TestFrames.link(op.get("cid")));
                JsonNode record = TestFrames.cbor(blocks.get(held.get(path)));
                assertThat(record.get("$type").asText()).isEqualTo(path.substring(0, path.indexOf('/')));
            }
        }
    }

    private static void checkChain(JsonNode before, JsonNode commit, JsonNode body, Map<String, byte[]> store)
            throws Exception {
        if (before == null) {
            assertThat(body.get("since").isNull()).isTrue();
            assertThat(body.has("prevData")).isFalse();
            return;
        }
        assertThat(body.get("since").asText()).isEqualTo(before.get("rev").asText());
        assertThat(body.get("rev").asText()).isGreaterThan(before.get("rev").asText());
        JsonNode commitBefore = TestFrames.cbor(store.get(TestFrames.link(before.get("commit"))));
        assertThat(TestFrames.link(body.get("prevData"))).isEqualTo(TestFrames.link(commitBefore.get("data")));
        assertThat(commit.get("prev").isNull()).isTrue();
    }

    @Test
    void commitsAreSignedByTheirAccount() throws Exception {
        Map<String, byte[]> keys = new HashMap<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            BigInteger key = K256.privateKey(5, i);
            keys.put(SyntheticNetwork.did(5, i), K256.publicKey(key));
        }
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < 300; i++) {
            SyntheticNetwork.Made made = network.next();
            if (made.sent() instanceof SentFrame.Commit sent) {
                JsonNode body = TestFrames.parse(made.frame()).body();
                byte[] block = TestFrames.blocks(body.get("blocks").binaryValue())
                        .get(HexFormat.of().formatHex(sent.commit().toBytes()));
                byte[] signature = TestFrames.cbor(block).get("sig").binaryValue();
                assertThat(K256Test.verifies(sha256.digest(unsigned(block)), signature, keys.get(sent.did())))
                        .isTrue();
            }
        }
    }

    /** The block without its entry {@code sig}: the map is one shorter, and 70 bytes (key, head, signature) are gone. */
    private static byte[] unsigned(byte[] block) {
        byte[] key = {0x63, 's', 'i', 'g', 0x58, 64};
        String hex = HexFormat.of().formatHex(block);
        int at = hex.indexOf(HexFormat.of().formatHex(key)) / 2;
        byte[] out = new byte[block.length - 70];
        System.arraycopy(block, 0, out, 0, at);
        System.arraycopy(block, at + 70, out, at, out.length - at);
        assertThat(out[0]-- & 0xFF).isEqualTo(0xA6);
        return out;
    }

    @Test
    void framesSayWhatTheListenerIsTold() throws Exception {
        long seq = 0;
        for (int i = 0; i < FRAMES; i++) {
            SyntheticNetwork.Made made = network.next();
            TestFrames.Parsed parsed = TestFrames.parse(made.frame());
            JsonNode body = parsed.body();
            SentFrame sent = made.sent();
            assertThat(sent.seq()).isEqualTo(++seq);
            assertThat(body.get("seq").asLong()).isEqualTo(seq);
            assertThat(body.get("time").asText())
                    .isEqualTo("2026-07-04T12:00:00.120Z")
                    .isEqualTo(sent.time());
            assertThat(body.get(sent instanceof SentFrame.Commit ? "repo" : "did")
                            .asText())
                    .isEqualTo(sent.did());
            if (sent instanceof SentFrame.Commit commit) {
                assertThat(parsed.type()).isEqualTo("#commit");
                assertThat(body.get("ops").size()).isEqualTo(commit.ops().size());
                for (int k = 0; k < commit.ops().size(); k++) {
                    assertThat(commit.ops().get(k).path())
                            .isEqualTo(body.get("ops").get(k).get("path").asText());
                }
            } else if (sent instanceof SentFrame.Identity identity) {
                assertThat(parsed.type()).isEqualTo("#identity");
                assertThat(body.path("handle").asText(null)).isEqualTo(identity.handle());
            } else if (sent instanceof SentFrame.Account account) {
                assertThat(parsed.type()).isEqualTo("#account");
                assertThat(body.get("active").asBoolean()).isEqualTo(account.active());
                assertThat(body.path("status").asText(null)).isEqualTo(account.status());
            } else {
                assertThat(parsed.type()).isEqualTo("#sync");
                assertThat(TestFrames.blocks(body.get("blocks").binaryValue())).hasSize(1);
            }
        }
    }

    @Test
    void everyKindOfThingHappens() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < FRAMES; i++) {
            SentFrame sent = network.next().sent();
            if (sent instanceof SentFrame.Commit commit) {
                commit.ops().forEach(op -> seen.add(op.action() + " " + op.collection()));
                seen.add(commit.ops().size() > 1 ? "several ops" : "one op");
            } else if (sent instanceof SentFrame.Identity identity) {
                seen.add(identity.handle() == null ? "identity" : "identity with handle");
            } else if (sent instanceof SentFrame.Account account) {
                seen.add("account " + account.active() + (account.status() == null ? "" : " with status"));
            } else {
                seen.add("sync");
            }
        }
        assertThat(seen)
                .contains("one op", "several ops", "identity", "identity with handle", "sync")
                .contains("account true", "account false", "account false with status")
                .contains("create app.bsky.feed.post", "create app.bsky.feed.like", "create app.bsky.feed.repost")
                .contains(
                        "create app.bsky.graph.follow",
                        "create app.bsky.graph.block",
                        "create com.example.sensor.reading")
                .contains(
                        "create app.bsky.actor.profile", "update app.bsky.actor.profile", "delete app.bsky.feed.like");
    }

    @Test
    void aRepositoryStaysBounded() {
        int maxRecords = 30;
        SyntheticNetwork crowded = new SyntheticNetwork(1, 3, 1, CLOCK, maxRecords);
        Map<String, Integer> sizes = new HashMap<>();
        int largest = 0;
        for (int i = 0; i < FRAMES; i++) {
            if (crowded.next().sent() instanceof SentFrame.Commit commit) {
                for (SentFrame.Op op : commit.ops()) {
                    int change = op.action().equals("create") ? 1 : op.action().equals("delete") ? -1 : 0;
                    largest = Math.max(largest, sizes.merge(commit.did(), change, Integer::sum));
                }
            }
        }
        assertThat(largest).isBetween(maxRecords, maxRecords + 10);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
