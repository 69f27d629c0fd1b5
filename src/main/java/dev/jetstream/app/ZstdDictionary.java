package dev.jetstream.app;

import com.github.luben.zstd.Zstd;
import dev.jetstream.config.JetstreamConfig.ZstdConfig;
import dev.jetstream.stream.MessageCompressor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dictionaries for compressed messages, and the facts about the official one, which every public Jetstream client has. */
public final class ZstdDictionary {
    private static final Logger LOG = LoggerFactory.getLogger(ZstdDictionary.class);

    /** The official dictionary's id, which the zstd frames made with it carry. */
    public static final long OFFICIAL_ID = 1_612_007_021L;

    /** SHA-256 of the official dictionary, in lower-case hex. */
    public static final String OFFICIAL_SHA_256 = "b8d77b46933aceecbdd5275a01241efc985c970c78162b8150cf67a26522f70c";

    /** The maximum size of a dictionary; the official one has about 110 kB. */
    private static final int MAX_BYTES = 16 << 20;

    private ZstdDictionary() {}

    /** The id of a dictionary; 0 if the bytes are not one. */
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

    /**
     * Reads a file that should be a dictionary, which it does not check.
     *
     * @param name of the file in error messages
     * @throws StartupException if the file cannot be read or is too large to be a dictionary
     */
    public static byte[] read(Path file, String name) throws StartupException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new StartupException(name + ": there is no such file", e);
        } catch (IOException e) {
            throw new StartupException(name + " cannot be read: " + e, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new StartupException(
                    name + " is larger than " + (MAX_BYTES >> 20) + " MiB, so it is no dictionary for messages");
        }
        return bytes;
    }

    /** @throws StartupException if the configured file cannot be read or is not a dictionary */
    static MessageCompressor compressor(ZstdConfig config) throws StartupException {
        if (config.dictionaryFile().isEmpty()) {
            LOG.info("no zstd dictionary: compressed messages are larger; 'dictionary check --help' shows where to get"
                    + " the official one, for jetstream.zstd.dictionary-file (JETSTREAM_ZSTD_DICTIONARY_PATH)");
            return new MessageCompressor(new byte[0], config.level());
        }
        Path file = config.dictionaryFile().get();
        String name = "jetstream.zstd.dictionary-file " + file;
        byte[] dictionary = read(file, name);
        long id = idOf(dictionary);
        if (id == 0) {
            throw new StartupException(name + " is not a zstd dictionary; get the official one, or remove the setting");
        }
        if (id != OFFICIAL_ID) {
            LOG.warn(
                    "the zstd dictionary is not the official one that clients have: they cannot decode compressed"
                            + " messages file={} id={} official_id={}",
                    file,
                    id,
                    OFFICIAL_ID);
        }
        return new MessageCompressor(dictionary, config.level());
    }
}
