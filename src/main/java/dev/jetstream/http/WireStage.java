package dev.jetstream.http;

import dev.jetstream.net.HttpConnection;
import org.apache.pekko.Done;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractGraphStageWithMaterializedValue;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.util.ByteString;

/**
 * The end of Pekko HTTP that touches a connection: request heads go in, answers come out. It asks for the next answer, and
 * lets the next head come, only when the last answer is out and was not the last of all.
 */
final class WireStage
        extends AbstractGraphStageWithMaterializedValue<FlowShape<ByteString, ByteString>, WireStage.Wire> {
    /** The stage as the connection sees it. Any thread. */
    interface Wire {
        /** A request's head. */
        void onHead(byte[] head);

        /** The answer is out. */
        void onSent();

        /** The connection is gone, or no longer HTTP's: the stream ends. */
        void onGone();
    }

    private final Inlet<ByteString> answers = Inlet.create("Wire.answers");
    private final Outlet<ByteString> heads = Outlet.create("Wire.heads");
    private final FlowShape<ByteString, ByteString> shape = FlowShape.of(answers, heads);
    private final HttpConnection connection;

    WireStage(HttpConnection connection) {
        this.connection = connection;
    }

    @Override
    public FlowShape<ByteString, ByteString> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Wire> createLogicAndMaterializedValuePair(Attributes attributes) {
        Logic logic = new Logic();
        return Pair.create(logic, logic);
    }

    private final class Logic extends GraphStageLogic implements Wire {
        private final AsyncCallback<ByteString> headCame = createAsyncCallback(head -> emit(heads, head));
        private final AsyncCallback<Done> sent = createAsyncCallback(done -> onAnswerSent());
        private final AsyncCallback<Done> gone = createAsyncCallback(done -> completeStage());

        Logic() {
            super(shape);
            setHandler(answers, new AbstractInHandler() {
                @Override
                public void onPush() {
                    connection.send(grab(answers).toArrayUnsafe());
                }

                @Override
                public void onUpstreamFinish() {
                    connection.finish();
                    completeStage();
                }

                @Override
                public void onUpstreamFailure(Throwable failure) {
                    connection.abort();
                    completeStage();
                }
            });
            setHandler(heads, new AbstractOutHandler() {
                @Override
                public void onPull() {}

                /** Pekko HTTP wants no more requests: its last answer may still come. */
                @Override
                public void onDownstreamFinish(Throwable cause) {}
            });
        }

        @Override
        public void preStart() {
            pull(answers);
        }

        private void onAnswerSent() {
            if (!isClosed(answers)) {
                pull(answers);
                connection.next();
            }
        }

        @Override
        public void onHead(byte[] head) {
            headCame.invoke(ByteString.fromArrayUnsafe(head));
        }

        @Override
        public void onSent() {
            sent.invoke(Done.getInstance());
        }

        @Override
        public void onGone() {
            gone.invoke(Done.getInstance());
        }
    }
}
