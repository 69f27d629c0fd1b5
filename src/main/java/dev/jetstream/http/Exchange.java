package dev.jetstream.http;

import dev.jetstream.net.HttpConnection;
import dev.jetstream.net.RequestHead;

/**
 * A request beside what Pekko HTTP knows of it.
 *
 * @param connection that it came over
 * @param head as it was sent; Pekko HTTP sees the target without its query
 */
record Exchange(HttpConnection connection, RequestHead head) {}
