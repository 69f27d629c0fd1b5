package dev.jetstream.decode;

import static dev.jetstream.decode.Frame.DID;
import static dev.jetstream.decode.Frame.account;
import static dev.jetstream.decode.Frame.car;
import static dev.jetstream.decode.Frame.commit;
import static dev.jetstream.decode.Frame.header;
import static dev.jetstream.decode.Frame.identity;
import static dev.jetstream.decode.Frame.map;
import static dev.jetstream.decode.Frame.op;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.Filter;
import dev.jetstream.upstream.ArrayPool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A decoder that keeps only some collections or DIDs. */
class ExcludedTest {
    private static final byte[] RECORD = Cbor.of(map("text", "hi"));
    private static final byte[] CID = Cbor.cid(RECORD);
    private static final byte[] OTHER_CID = Cbor.cid(Cbor.of(map("text", "not in the CAR")));

    @Test
    void opsOfOtherCollectionsAreCountedAndTheRestOfTheCommitIsSent() {
        byte[] frame = commitOf(List.of(
                op("create", "app.bsky.feed.like/1", OTHER_CID),
                op("create", "app.bsky.feed.post/2", CID),
                op("delete", "app.bsky.feed.like/3", null),
                op("update", "app.bsky.graph.list/4", CID),
                op("delete", "app.bsky.graph/5", null)));

        Decoded decoded = keeping(List.of("app.bsky.feed.post", "app.bsky.graph.*"), List.of(), frame);

        assertThat(decoded.messages())
                .satisfiesExactly(
                        post -> assertThat(post).contains("\"rkey\":\"2\",\"record\":{\"text\":\"hi\"}"),
                        list -> assertThat(list).contains("\"rkey\":\"4\",\"record\":{\"text\":\"hi\"}"));
        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.EXCLUDED, 3));
        assertThat(decoded.frames().table()).containsExactly("app.bsky.feed.post", "app.bsky.graph.list");
    }

    @Test
    void aCommitWithoutAKeptOpStillHasItsSeqAndWhatTellsRepeatsApart() {
        byte[] frame = commitOf(List.of(op("create", "app.bsky.feed.like/1", CID)));

        DecodedFrames all = Decoded.of(frame).frames();
        Decoded decoded = keeping(List.of("app.bsky.feed.post"), List.of(), frame);

        assertThat(decoded.messages()).isEmpty();
        assertThat(decoded.drops()).isEqualTo(Map.of(DropReason.EXCLUDED, 1));
        assertSameIdentity(decoded.frames(), all);
    }

    @Test
    void aCarOfWhichNothingIsKeptIsNotRead() {
        byte[] broken = {1, 2, 3};
        byte[] frame = Frame.of(header("#commit"), commit(List.of(op("create", "app.bsky.feed.like/1", CID)), broken));

        assertThat(keeping(List.of("a.b.c"), List.of(), frame).drops()).isEqualTo(Map.of(DropReason.EXCLUDED, 1));
    }

    @Test
    void badPathsAreCountedAsSuch() {
        byte[] frame = commitOf(List.of(op("delete", "likes/1", null), op("delete", "a.b.c", null)));

        assertThat(keeping(List.of("a.b.d"), List.of(), frame).drops()).isEqualTo(Map.of(DropReason.BAD_PATH, 2));
    }

    @Test
    void collectionsDoNotExcludeIdentityAndAccountEvents() {
        Decoded decoded = keeping(
                List.of("a.b.c"),
                List.of(),
                Frame.of(header("#identity"), identity()),
                Frame.of(header("#account"), account()));

        assertThat(decoded.messages()).hasSize(2);
        assertThat(decoded.drops()).isEmpty();
    }

    @Test
    void framesOfOtherDidsAreCountedWhateverTheirKind() {
        byte[][] frames = {
            commitOf(List.of(op("delete", "a.b.c/1", null), op("delete", "a.b.c/2", null))),
            Frame.of(header("#identity"), identity()),
            Frame.of(header("#account"), account())
        };

        Decoded others = keeping(List.of(), List.of("did:plc:someoneelse"), frames);
        assertThat(others.messages()).isEmpty();
        assertThat(others.drops()).isEqualTo(Map.of(DropReason.EXCLUDED, 3));
        assertSameIdentity(others.frames(), Decoded.of(frames).frames());

        Decoded own = keeping(List.of(), List.of("did:plc:someoneelse", DID), frames);
        assertThat(own.messages()).isEqualTo(Decoded.of(frames).messages());
        assertThat(own.drops()).isEmpty();
    }

    private static void assertSameIdentity(DecodedFrames frames, DecodedFrames expected) {
        assertThat(frames.seqs()).isEqualTo(expected.seqs());
        assertThat(frames.accounts()).isEqualTo(expected.accounts());
        assertThat(frames.revs()).isEqualTo(expected.revs());
        assertThat(frames.times()).isEqualTo(expected.times());
        assertThat(frames.types()).isEqualTo(expected.types());
    }

    private static byte[] commitOf(List<?> ops) {
        return Frame.of(header("#commit"), commit(ops, car(RECORD)));
    }

    private static Decoded keeping(List<String> collections, List<String> dids, byte[]... frames) {
        FrameDecoder decoder = new FrameDecoder(
                (fault, batch, frame) -> {
                    throw new AssertionError("the decoder failed on frame " + frame, fault);
                },
                new ArrayPool(FrameDecoder.OUTPUT_BYTES, 1),
                new Filter(collections, dids, 0));
        return Decoded.with(decoder, frames);
    }
}
