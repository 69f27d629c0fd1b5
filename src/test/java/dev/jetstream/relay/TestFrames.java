package dev.jetstream.relay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads frames, CARs and trees with other means than the package under test writes them. */
final class TestFrames {
    private static final ObjectMapper CBOR = new ObjectMapper(new CBORFactory());

    private TestFrames() {}

    record Parsed(JsonNode header, JsonNode body) {
        String type() {
            return header.path("t").asText();
        }
    }

    /** Exactly two CBOR items. */
    static Parsed parse(byte[] frame) throws IOException {
        try (MappingIterator<JsonNode> items = CBOR.readerFor(JsonNode.class).readValues(frame)) {
            Parsed parsed = new Parsed(items.next(), items.next());
            if (items.hasNext()) {
                throw new IOException("bytes behind the body");
            }
            return parsed;
        }
    }

    static JsonNode cbor(byte[] item) throws IOException {
        return CBOR.readTree(item);
    }

    /** The binary CID of a link, in hex: behind its leading zero byte. */
    static String link(JsonNode node) throws IOException {
        byte[] bytes = node.binaryValue();
        if (bytes.length != 37 || bytes[0] != 0) {
            throw new IOException("not a link: " + HexFormat.of().formatHex(bytes));
        }
        return HexFormat.of().formatHex(bytes, 1, 37);
    }

    /** The roots and blocks of a CAR by CID in hex; every block's hash is checked against its CID. */
    static Map<String, byte[]> blocks(byte[] car) throws IOException, NoSuchAlgorithmException {
        int[] at = {0};
        int headerLength = varint(car, at);
        JsonNode header = cbor(Arrays.copyOfRange(car, at[0], at[0] + headerLength));
        if (header.get("version").asInt() != 1 || header.get("roots").size() != 1) {
            throw new IOException("not a CAR v1 with one root: " + header);
        }
        at[0] += headerLength;
        Map<String, byte[]> blocks = new LinkedHashMap<>();
        while (at[0] < car.length) {
            int length = varint(car, at);
            byte[] block = Arrays.copyOfRange(car, at[0] + 36, at[0] + length);
            String cid = HexFormat.of().formatHex(car, at[0], at[0] + 36);
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(block));
            if (!cid.equals("01711220" + hash)) {
                throw new IOException("the block of " + cid + " has the hash " + hash);
            }
            blocks.put(cid, block);
            at[0] += length;
        }
        if (!blocks.keySet().iterator().next().equals(link(header.get("roots").get(0)))) {
            throw new IOException("the first block is not the root");
        }
        return blocks;
    }

    private static int varint(byte[] bytes, int[] at) {
        int value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at[0]++];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    /** Whether a CBOR item and an atproto JSON value say the same. */
    static boolean sameData(JsonNode cbor, JsonNode json) throws IOException {
        if (cbor.isBinary()) {
            byte[] bytes = cbor.binaryValue();
            boolean link = json.has("$link");
            String want = link ? "b" + Cid.base32(Arrays.copyOfRange(bytes, 1, bytes.length)) : null;
            return json.size() == 1
                    && (link
                            ? json.get("$link").asText().equals(want)
                            : Arrays.equals(
                                    Base64.getDecoder()
                                            .decode(json.get("$bytes").asText()),
                                    bytes));
        }
        if (!cbor.isContainerNode()) {
            return cbor.asText().equals(json.asText()) && cbor.isTextual() == json.isTextual();
        }
        if (cbor.getNodeType() != json.getNodeType() || cbor.size() != json.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> entry : cbor.properties()) {
            if (!json.has(entry.getKey()) || !sameData(entry.getValue(), json.get(entry.getKey()))) {
                return false;
            }
        }
        for (int i = 0; cbor.isArray() && i < cbor.size(); i++) {
            if (!sameData(cbor.get(i), json.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** All keys of a tree and the CIDs at them, by walking its nodes as the specification says. */
    static Map<String, String> walk(String root, Map<String, byte[]> store) throws IOException {
        Map<String, String> out = new TreeMap<>();
        walk(root, store, out);
        return out;
    }

    private static void walk(String cid, Map<String, byte[]> store, Map<String, String> out) throws IOException {
        if (!store.containsKey(cid)) {
            throw new IOException("no block was ever sent for the node " + cid);
        }
        JsonNode node = cbor(store.get(cid));
        if (!node.get("l").isNull()) {
            walk(link(node.get("l")), store, out);
        }
        String key = "";
        for (JsonNode entry : node.get("e")) {
            String suffix = new String(entry.get("k").binaryValue(), StandardCharsets.UTF_8);
            key = key.substring(0, entry.get("p").asInt()) + suffix;
            if (out.put(key, link(entry.get("v"))) != null) {
                throw new IOException("the key is in the tree twice: " + key);
            }
            if (!entry.get("t").isNull()) {
                walk(link(entry.get("t")), store, out);
            }
        }
    }
}
