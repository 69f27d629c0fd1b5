package dev.jetstream.http;

import dev.jetstream.stream.HttpStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The {@code Accept} field (RFC 9110, section 12.5.1), as far as streams are concerned. */
final class Accept {
    private static final Pattern WEIGHT = Pattern.compile("q\\s*=\\s*(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)");

    private Accept() {}

    /**
     * The stream that a client asks for by name: of several the one with the greatest weight, of equals the first. Ranges
     * ({@code *}{@code /*}, {@code text/*}) ask for none, since every client sends those.
     *
     * @param values of all fields, in order
     */
    static Optional<HttpStream> stream(List<String> values) {
        HttpStream best = null;
        double bestWeight = 0;
        for (String element : String.join(",", values).split(",")) {
            String[] parts = element.split(";", -1);
            double weight = weight(parts);
            for (HttpStream stream : HttpStream.values()) {
                if (parts[0].strip().toLowerCase(Locale.ROOT).equals(stream.mediaType()) && weight > bestWeight) {
                    best = stream;
                    bestWeight = weight;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** The {@code q} of an element; 1 where it has none, or one that is no number from 0 to 1. */
    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (WEIGHT.matcher(parameter).matches()) {
                return Double.parseDouble(
                        parameter.substring(parameter.indexOf('=') + 1).strip());
            }
        }
        return 1;
    }
}
