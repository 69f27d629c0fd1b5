/** Jetstream for the JVM. Open {@code app/Pipeline.java} first: it shows the way of an event through the packages. */
package dev.jetstream;
