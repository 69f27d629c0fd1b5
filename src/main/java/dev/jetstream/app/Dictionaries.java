package dev.jetstream.app;

import dev.jetstream.config.JetstreamConfig.ZstdConfig;
import dev.jetstream.stream.MessageCompressor;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the compressor for subscribers out of the configured dictionary. */
final class Dictionaries {
    private static final Logger LOG = LoggerFactory.getLogger(Dictionaries.class);

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
        byte[] dictionary = DictionaryFile.read(file, "jetstream.zstd.dictionary-file " + file);
        long id = OfficialDictionary.idOf(dictionary);
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
}
