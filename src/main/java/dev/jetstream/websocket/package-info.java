/**
 * RFC 6455 as bytes: {@link dev.jetstream.websocket.FrameParser} reads the frames of either peer, out of bytes that may be cut
 * anywhere; {@link dev.jetstream.websocket.FrameHeader} writes headers and reads whole ones in place;
 * {@link dev.jetstream.websocket.CloseFrame} has the close codes, {@link dev.jetstream.websocket.Handshake} the accept key. Pure:
 * nothing here opens a socket or starts a thread.
 *
 * <p>Everything that speaks websocket shares this package: the upstream reader, the blocks that are framed once for all
 * subscribers, the sockets of the listeners, and the synthetic relay.
 */
package dev.jetstream.websocket;
