package dev.jetstream.app;

import com.github.luben.zstd.Zstd;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The zstd dictionary that every public Jetstream client holds. */
public final class OfficialDictionary {
    /** The id that zstd frames made with it carry. */
    public static final long ID = 1_612_007_021L;

    /** SHA-256 of its bytes, in lower-case hex. */
    public static final String SHA_256 = "b8d77b46933aceecbdd5275a01241efc985c970c78162b8150cf67a26522f70c";

    /** Where it is published: it has had two places in its repository. */
    public static final List<URI> PLACES = List.of(
            URI.create("https://raw.githubusercontent.com/bluesky-social/jetstream/main/pkg/models/zstd_dictionary"),
            URI.create("https://raw.githubusercontent.com/bluesky-social/jetstream/main/"
                    + "internal/subscribe/dictionaries/legacy_subscribe.zdict"));

    private OfficialDictionary() {}

    /** The id of a dictionary; 0 if the bytes are none. */
    public static long idOf(byte[] dictionary) {
        return Zstd.getDictIdFromDict(dictionary);
    }

    /** SHA-256 of any bytes, in lower-case hex. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
