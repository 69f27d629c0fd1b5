package dev.jetstream.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The {@code JETSTREAM_*} names of the environment: which keys they set, and which nobody knows. */
final class Environment {
    private static final String PREFIX = "JETSTREAM_";

    /** What Kubernetes sets for a service that is named jetstream, or jetstream-something. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "JETSTREAM_(.+_)?(PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|SERVICE_(HOST|PORT(_.+)?))");

    private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> valueByPath = new LinkedHashMap<>();
    private final List<String> notices = new ArrayList<>();

    Environment(Map<String, String> environment, Keys keys) {
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !value.isBlank() && !isSomebodyElses(name, value)) {
                keys.pathOfEnvironmentName(name)
                        .ifPresentOrElse(path -> valueByPath.put(path, value), () -> notices.add(unknown(name, keys)));
            }
        });
    }

    /** Values by key; a name that is set to nothing is as if it were not set. */
    Map<String, String> valueByPath() {
        return valueByPath;
    }

    /** One warning for each unknown name. */
    List<String> notices() {
        return notices;
    }

    private static boolean isSomebodyElses(String name, String value) {
        return name.equals("JETSTREAM_VERSION")
                || SERVICE_LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_URL.matcher(value).matches());
    }

    private static String unknown(String name, Keys keys) {
        String hint = Nearest.to(name, keys.environmentNames())
                .map(near -> "; did you mean " + near + "?")
                .orElse("; reference.conf lists all names");
        return "the environment sets " + Origin.cut(name) + ", which nothing reads" + hint;
    }
}
