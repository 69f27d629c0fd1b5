/**
 * The whole server over real sockets: a made-up relay on one side, subscribers on the other, an SQLite journal between. What the
 * relay sent, and a filter written in the test, say what each subscriber must get.
 */
package dev.jetstream.e2e;
