package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
import dev.jetstream.event.RelaySeqs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with the upstream position, for frames that gave no event since the newest block: without it, an instance that keeps
 * little would read hours of them again after a restart.
 *
 * <pre>
 *   number and last time of the block that the position follows
 *   seq and name of each relay, a line each
 *   end
 * </pre>
 *
 * It is valid only while that block is the newest one, so an old, lost or damaged file costs repeated frames and never an event.
 */
final class PositionFile {
    private static final Logger LOG = LoggerFactory.getLogger(PositionFile.class);
    private static final String LAST_LINE = "end";
    private static final long MAX_BYTES = 64 * 1024;

    private final Optional<Path> file;

    /** @param directory of the file; empty: positions are not kept */
    PositionFile(Optional<Path> directory) {
        file = directory.map(parent -> parent.resolve("upstream.position"));
    }

    /** The same end, with the position of the file if that belongs to it. Blocks. */
    JournalEnd applyTo(JournalEnd end) {
        if (file.isEmpty() || !Files.exists(file.get())) {
            return end;
        }
        try {
            if (Files.size(file.get()) > MAX_BYTES) {
                throw new IllegalArgumentException("it is larger than " + MAX_BYTES + " bytes");
            }
            List<String> lines = Files.readAllLines(file.get());
            return lines.isEmpty() || !lines.get(0).equals(block(end)) ? end : end.with(seqs(end.upstream(), lines));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "the upstream position cannot be read: frames since the newest block are read again file={} reason={}",
                    file.get(),
                    Text.reason(e));
            return end;
        }
    }

    private static RelaySeqs seqs(RelaySeqs ofBlock, List<String> lines) {
        int last = lines.size() - 1;
        if (!lines.get(last).equals(LAST_LINE)) {
            throw new IllegalArgumentException("it is cut short");
        }
        RelaySeqs seqs = ofBlock;
        for (String line : lines.subList(1, last)) {
            String[] words = line.split(" ", 2);
            if (words.length < 2) {
                throw new IllegalArgumentException("a line has no relay");
            }
            seqs = seqs.with(words[1], Long.parseLong(words[0]));
        }
        return seqs;
    }

    private static String block(JournalEnd end) {
        return end.lastSequenceNr() + " " + end.lastTimeUs();
    }

    /** Replaces the file. A failure is logged. Blocks. */
    void write(JournalEnd end) {
        if (file.isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>(List.of(block(end)));
        end.upstream().all().forEach(entry -> lines.add(entry.seq() + " " + entry.relay()));
        lines.add(LAST_LINE);
        Path complete = file.get().resolveSibling("upstream.position.new");
        try {
            Files.write(complete, lines);
            Files.move(complete, file.get(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.debug("the upstream position cannot be written file={} reason={}", file.get(), Text.reason(e));
        }
    }
}
