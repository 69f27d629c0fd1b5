package dev.jetstream.app;

import com.github.luben.zstd.Zstd;
import dev.jetstream.config.ZstdConfig;
import dev.jetstream.event.MessageCompressor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the compressor for subscribers out of the configured dictionary. */
final class Dictionaries {
    private static final Logger LOG = LoggerFactory.getLogger(Dictionaries.class);

    private static final long MOST_BYTES = 16 << 20;

    private Dictionaries() {}

    /** @throws StartupException if the file cannot be read or is no dictionary */
    static MessageCompressor compressor(ZstdConfig config) throws StartupException {
        if (config.dictionaryFile().isEmpty()) {
            LOG.info("no zstd dictionary: compress=true works without, its messages are only larger; get the"
                    + " official one with 'java -jar jetstream.jar dictionary fetch FILE', and name the file by"
                    + " jetstream.zstd.dictionary-file (JETSTREAM_ZSTD_DICTIONARY_PATH)");
            return new MessageCompressor(new byte[0], config.level());
        }
        Path file = config.dictionaryFile().get();
        byte[] dictionary = read(file);
        long id = Zstd.getDictIdFromDict(dictionary);
        if (id == 0) {
            throw new StartupException("jetstream.zstd.dictionary-file " + file
                    + " is no zstd dictionary; get the official one, or leave the key empty");
        }
        if (id != OfficialDictionary.ID) {
            LOG.warn(
                    "the zstd dictionary is not the official one, which is what clients hold: they will not decode"
                            + " compressed messages file={} id={} official_id={}",
                    file,
                    id,
                    OfficialDictionary.ID);
        }
        return new MessageCompressor(dictionary, config.level());
    }

    private static byte[] read(Path file) throws StartupException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new StartupException("jetstream.zstd.dictionary-file " + file + " is larger than "
                        + (MOST_BYTES >> 20) + " MiB, so it is no dictionary for messages");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new StartupException("jetstream.zstd.dictionary-file " + file + " cannot be read: " + e, e);
        }
    }
}
