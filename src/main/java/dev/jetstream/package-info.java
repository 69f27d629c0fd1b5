/** Jetstream for the JVM. Open {@code app/Pipeline.java} first: it shows the data flow through the packages. */
package dev.jetstream;
