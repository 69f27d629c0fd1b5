package dev.jetstream.metrics;

import java.util.List;

/** Writes out histograms that nothing was recorded in yet: Kamon's exporter names them and leaves their samples out. */
final class EmptyHistograms {
    private static final String TYPE = "# TYPE ";
    private static final String HISTOGRAM = " histogram";
    private static final String SECONDS = "_seconds";

    private final List<Double> secondsBuckets;
    private final List<Double> otherBuckets;

    /** Upper bounds as the exporter has them. */
    EmptyHistograms(List<Double> secondsBuckets, List<Double> otherBuckets) {
        this.secondsBuckets = secondsBuckets;
        this.otherBuckets = otherBuckets;
    }

    /** The page with all its histograms; those in question have no labels. */
    String fill(String page) {
        StringBuilder out = new StringBuilder(page.length() + 4096);
        String empty = "";
        for (String line : page.split("\n")) {
            if (!empty.isEmpty() && !line.startsWith(empty + "_")) {
                zeros(empty, out);
            }
            out.append(line).append('\n');
            boolean begins = line.startsWith(TYPE) && line.endsWith(HISTOGRAM);
            empty = begins ? line.substring(TYPE.length(), line.length() - HISTOGRAM.length()) : "";
        }
        if (!empty.isEmpty()) {
            zeros(empty, out);
        }
        return out.toString();
    }

    private void zeros(String name, StringBuilder out) {
        for (Double bound : name.endsWith(SECONDS) ? secondsBuckets : otherBuckets) {
            out.append(name).append("_bucket{le=\"").append(bound).append("\"} 0.0\n");
        }
        out.append(name).append("_bucket{le=\"+Inf\"} 0.0\n");
        out.append(name).append("_count 0.0\n").append(name).append("_sum 0.0\n");
    }
}
