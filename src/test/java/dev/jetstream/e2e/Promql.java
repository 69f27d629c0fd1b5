package dev.jetstream.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression asks for: enough of the language for the dashboard and the rules.
 *
 * @param metric the series' name
 * @param labels names of labels that it is selected or grouped by
 */
record Promql(String metric, Set<String> labels) {
    private static final Set<String> WORDS = Set.of("by", "and", "or", "unless", "on", "ignoring", "bool", "offset");
    private static final Pattern GROUPING = Pattern.compile("\\bby \\(([a-z_, ]+)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR =
            Pattern.compile("(?<![\\w$])([a-zA-Z_:][a-zA-Z0-9_:]*)(?!\\w)(\\{[^}]*})?(\\s*\\()?");
    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_]\\w*)\\s*(?:=~|!~|!=|=)");

    /** The series of an expression. Labels that it groups by are taken to be of each. */
    static List<Promql> of(String expression) {
        Set<String> grouped = new TreeSet<>();
        Matcher grouping = GROUPING.matcher(expression);
        while (grouping.find()) {
            grouped.addAll(List.of(grouping.group(1).split(", *")));
        }
        String rest =
                RANGE.matcher(GROUPING.matcher(expression).replaceAll(" ")).replaceAll(" ");
        List<Promql> found = new ArrayList<>();
        Matcher selector = SELECTOR.matcher(rest);
        while (selector.find()) {
            boolean function = selector.group(3) != null && selector.group(2) == null;
            if (!function && !WORDS.contains(selector.group(1))) {
                Set<String> labels = new TreeSet<>(grouped);
                Matcher matcher = MATCHER.matcher(selector.group(2) == null ? "" : selector.group(2));
                while (matcher.find()) {
                    labels.add(matcher.group(1));
                }
                found.add(new Promql(selector.group(1), labels));
            }
        }
        return found;
    }
}
