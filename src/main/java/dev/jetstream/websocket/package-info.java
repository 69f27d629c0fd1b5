/**
 * RFC 6455 as bytes: the header of a frame, the accept key, the close codes. Pure; it opens no socket and starts no thread.
 *
 * <p>Everyone who speaks websocket shares this: the upstream reader, the blocks that are framed once for all subscribers, the
 * sockets of the endpoint, and the synthetic relay.
 */
package dev.jetstream.websocket;
