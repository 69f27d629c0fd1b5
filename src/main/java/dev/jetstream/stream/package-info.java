/**
 * What clients connect to. Pure: no actors, no I/O.
 *
 * <p>An {@link dev.jetstream.stream.EventStream} is one route with its parameters, limits, cursor syntax, error texts and encodings;
 * {@link dev.jetstream.stream.V1Stream} is v1's, with v0's shapes as a variant. It turns a request into a {@link
 * dev.jetstream.stream.Subscription}, whose {@link dev.jetstream.stream.Encoding} writes blocks of events and all other bytes of the
 * connection.
 */
package dev.jetstream.stream;
