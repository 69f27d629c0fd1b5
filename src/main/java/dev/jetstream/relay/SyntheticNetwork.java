package dev.jetstream.relay;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A synthetic network: accounts whose repositories change, one frame at a time.
 *
 * <p>The same seed and number of accounts give the same repositories, records, CIDs, revs, signatures and seqs on every machine;
 * only a frame's {@code time} is the clock's. A full repository deletes records, which bounds the memory. Not thread-safe.
 */
public final class SyntheticNetwork {
    /** 2026-01-01T00:00:00Z: the start of the accounts' time, from which revs, rkeys and {@code createdAt} derive. */
    private static final long EPOCH_MICROS = 1_767_225_600_000_000L;

    private static final int MAX_MICROS_BETWEEN_FRAMES = 2_000;
    private static final int ALL_RECORDS = 200_000;
    private static final int MIN_RECORDS = 8;
    private static final int MAX_RECORDS = 1_000;
    private static final String TID_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz";
    private static final int TID_LENGTH = 13;
    private static final List<String> STATUSES = List.of("deactivated", "suspended", "takendown");
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** A frame's bytes (header and body, without websocket framing) and its content. */
    public record Made(SentFrame sent, byte[] frame) {}

    private final long seed;
    private final InstantSource clock;
    private final Rng rng;
    private final K256 signer;
    private final MessageDigest sha256 = Cid.sha256();
    private final SyntheticRepo[] repos;
    private final int maxRecords;
    private final RecordMaker.RecentPosts recent;
    private final RecordMaker records;

    private long seq;
    private long micros = EPOCH_MICROS;
    private long textMillis;
    private String text;

    /**
     * @param accounts 1 to 100,000
     * @param firstSeq the seq of the first frame, at least 1
     * @param clock gives each frame its {@code time}
     */
    public SyntheticNetwork(long seed, int accounts, long firstSeq, InstantSource clock) {
        this(seed, accounts, firstSeq, clock, Math.max(MIN_RECORDS, Math.min(MAX_RECORDS, ALL_RECORDS / accounts)));
    }

    /** @param maxRecords above this size, a repository deletes a record per write */
    SyntheticNetwork(long seed, int accounts, long firstSeq, InstantSource clock, int maxRecords) {
        this.seed = seed;
        this.clock = clock;
        this.rng = new Rng(seed);
        this.signer = new K256(seed);
        this.repos = new SyntheticRepo[accounts];
        this.maxRecords = maxRecords;
        this.recent = new RecordMaker.RecentPosts(did(seed, 0), nextTid(), Cid.ofBlob(rng.bytes(32)));
        this.records = new RecordMaker(rng, recent);
        this.seq = firstSeq - 1;
    }

    /** Generates the next frame. */
    public Made next() {
        seq++;
        micros += rng.between(1, MAX_MICROS_BETWEEN_FRAMES);
        String time = MILLIS.format(clock.instant());
        SyntheticRepo repo = repo(rng.below(repos.length));
        if (!repo.active && rng.chance(50)) {
            repo.active = true;
            return account(repo, time, null);
        }
        int draw = rng.below(1000);
        if (draw < 15) {
            SentFrame.Identity identity =
                    new SentFrame.Identity(seq, repo.did, time, rng.chance(70) ? repo.handle : null);
            return new Made(identity, StreamFrames.identity(identity));
        }
        if (draw < 30 || !repo.active) {
            repo.active = rng.chance(50);
            String status = repo.active || rng.chance(20) ? null : rng.pick(STATUSES);
            return account(repo, time, status);
        }
        if (draw < 40 && repo.rev() != null) {
            SentFrame.Sync sync = new SentFrame.Sync(seq, repo.did, time, repo.rev());
            return new Made(sync, StreamFrames.sync(sync, repo.headCar()));
        }
        return commit(repo, time);
    }

    private Made account(SyntheticRepo repo, String time, String status) {
        SentFrame.Account account = new SentFrame.Account(seq, repo.did, time, repo.active, status);
        return new Made(account, StreamFrames.account(account));
    }

    private Made commit(SyntheticRepo repo, String time) {
        List<SyntheticRepo.Write> writes = writes(repo);
        String rev = nextTid();
        SyntheticRepo.Committed done = repo.commit(writes, rev, signer);
        for (SentFrame.Op op : done.ops()) {
            if (op.collection().equals(RecordMaker.POST) && op.cid() != null) {
                recent.add(repo.did, op.rkey(), op.cid());
            }
        }
        SentFrame.Commit sent = new SentFrame.Commit(
                seq, repo.did, time, rev, done.since(), done.commit(), done.prevData(), done.ops());
        return new Made(sent, StreamFrames.commit(sent, done.car()));
    }

    /** The writes of one commit: mostly one, at most ten (plus the first profile); no path twice. */
    private List<SyntheticRepo.Write> writes(SyntheticRepo repo) {
        int draw = rng.below(100);
        int count = draw < 90 ? 1 : draw < 98 ? rng.between(2, 3) : rng.between(4, 10);
        List<SyntheticRepo.Write> writes = new ArrayList<>(count);
        if (repo.rev() == null) {
            writes.add(create(RecordMaker.PROFILE));
        }
        Set<String> touched = new HashSet<>();
        for (int i = 0; i < count; i++) {
            SyntheticRepo.Write write = write(repo);
            if (touched.add(write.path())
                    && !(repo.rev() == null && write.collection().equals(RecordMaker.PROFILE))) {
                writes.add(write);
            }
        }
        return writes;
    }

    private SyntheticRepo.Write write(SyntheticRepo repo) {
        int held = repo.paths().size();
        if (held > maxRecords || held > 3 && rng.chance(6)) {
            String[] path = rng.pick(repo.paths()).split("/", 2);
            return new SyntheticRepo.Write(path[0], path[1], null);
        }
        if (held > 0 && rng.chance(3)) {
            String[] path = rng.pick(repo.paths()).split("/", 2);
            return new SyntheticRepo.Write(path[0], path[1], record(path[0]));
        }
        return create(records.collection());
    }

    private SyntheticRepo.Write create(String collection) {
        String rkey = collection.equals(RecordMaker.PROFILE) ? "self" : nextTid();
        return new SyntheticRepo.Write(collection, rkey, record(collection));
    }

    private Object record(String collection) {
        return records.make(collection, createdAt(), did(seed, rng.below(repos.length)));
    }

    private SyntheticRepo repo(int index) {
        if (repos[index] == null) {
            BigInteger key = K256.privateKey(seed, index);
            repos[index] = new SyntheticRepo(did(seed, index), "user" + index + ".relay.example", key, sha256);
        }
        return repos[index];
    }

    /** An account's DID: {@code did:plc}, or {@code did:web} for every fiftieth. */
    static String did(long seed, int index) {
        if (index % 50 == 49) {
            return "did:web:user" + index + ".relay.example";
        }
        byte[] digest = Cid.sha256().digest(("account " + index + " of seed " + seed).getBytes(StandardCharsets.UTF_8));
        return "did:plc:" + Cid.base32(digest).substring(0, 24);
    }

    private String nextTid() {
        return tid(micros++, (int) (seed & 1023));
    }

    private String createdAt() {
        long millis = micros / 1000;
        if (millis != textMillis) {
            text = MILLIS.format(Instant.ofEpochMilli(millis));
            textMillis = millis;
        }
        return text;
    }

    /**
     * A timestamp identifier (atproto, "Record Keys"): 53 bits of microseconds and 10 of a clock's id, sortable as text.
     *
     * @param clockId 0 to 1023
     */
    static String tid(long unixMicros, int clockId) {
        long value = unixMicros << 10 | clockId;
        char[] text = new char[TID_LENGTH];
        for (int i = TID_LENGTH - 1; i >= 0; i--) {
            text[i] = TID_ALPHABET.charAt((int) (value & 31));
            value >>>= 5;
        }
        return new String(text);
    }
}
