package dev.jetstream.stream;

import dev.jetstream.common.Nsid;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import dev.jetstream.event.Operation;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** One check of {@link FilterOptions}. The first bad value counts. */
final class OptionsCheck {
    /** Dot-separated NSID segments before {@code .*}. */
    private static final Pattern PREFIX = Pattern.compile(
            "[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\\.\\*");

    /** A DID's form (atproto syntax). */
    private static final Pattern DID = Pattern.compile("did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]");

    private static final int MAX_DID_LENGTH = 2048;

    private static final String URI_SCHEME = "at://";

    /** A record key's form (atproto syntax); {@code .} and {@code ..} are none. */
    private static final Pattern RKEY = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._:~-]{1,512}");

    /** A basic language range without a wildcard (RFC 4647, section 2.1): a language tag, or the beginning of one. */
    private static final Pattern LANG = Pattern.compile("[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*");

    /** Enough for every tag that is not made up (RFC 5646, section 4.4.1). */
    private static final int MAX_LANG_LENGTH = 35;

    private final Function<String, ? extends Collection<String>> lists;
    private final Function<String, OptionalLong> numbers;
    private String problem;

    OptionsCheck(Function<String, ? extends Collection<String>> lists, Function<String, OptionalLong> numbers) {
        this.lists = lists;
        this.numbers = numbers;
    }

    /** @param shown the kinds of the stream */
    FilterOptions check(Set<EventKind> shown) {
        Filter.Builder filter = Filter.builder()
                .collections(collections("wantedCollections", "wanted collections"))
                .dids(dids("wantedDids", "wanted DIDs"))
                .maxMessageBytes(maxMessageBytes())
                .kinds(kinds(shown))
                .operations(operations())
                .subjects(texts(
                        "wantedSubjects",
                        OptionsCheck::isSubject,
                        "subject",
                        FilterOptions.MAX_SUBJECTS,
                        "wanted subjects"))
                .langs(texts(
                        "wantedLangs", OptionsCheck::isLang, "language", FilterOptions.MAX_LANGS, "wanted languages"))
                .unwantedCollections(collections("unwantedCollections", "unwanted collections"))
                .unwantedDids(dids("unwantedDids", "unwanted DIDs"));
        return problem == null
                ? new FilterOptions.Valid(filter.build())
                : new FilterOptions.Invalid("invalid subscriber options: " + problem);
    }

    private void fail(String text) {
        problem = problem == null ? text : problem;
    }

    private Set<String> collections(String list, String plural) {
        return texts(list, OptionsCheck::isCollection, "collection", FilterOptions.MAX_COLLECTIONS, plural);
    }

    private Set<String> dids(String list, String plural) {
        return texts(list, OptionsCheck::isDid, "did", FilterOptions.MAX_DIDS, plural);
    }

    private Set<EventKind> kinds(Set<EventKind> shown) {
        Set<EventKind> wanted = EnumSet.noneOf(EventKind.class);
        for (String name : lists.apply("wantedKinds")) {
            shown.stream()
                    .filter(kind -> kind.v1Name().equals(name))
                    .findAny()
                    .ifPresentOrElse(wanted::add, () -> fail("invalid kind: " + name));
        }
        return wanted.isEmpty() ? shown : wanted;
    }

    private Set<Operation> operations() {
        Set<Operation> wanted = EnumSet.noneOf(Operation.class);
        for (String name : lists.apply("wantedOperations")) {
            Operation.named(name).ifPresentOrElse(wanted::add, () -> fail("invalid operation: " + name));
        }
        return wanted.isEmpty() ? EnumSet.allOf(Operation.class) : wanted;
    }

    private long maxMessageBytes() {
        // The Go client says maxSize.
        long bytes = numbers.apply("maxMessageSizeBytes")
                .orElseGet(() -> numbers.apply("maxSize").orElse(0));
        return bytes <= 0 || bytes > 0xFFFF_FFFFL ? 0 : bytes;
    }

    /** The distinct texts of a list, all valid and not too many; empty if there is a problem. */
    private Set<String> texts(String list, Predicate<String> isValid, String name, int max, String plural) {
        Set<String> texts = new LinkedHashSet<>();
        for (String text : lists.apply(list)) {
            if (!isValid.test(text)) {
                fail("invalid " + name + ": " + text);
                return Set.of();
            }
            texts.add(text);
        }
        if (texts.size() > max) {
            fail("too many " + plural);
            return Set.of();
        }
        return texts;
    }

    private static boolean isCollection(String text) {
        return text.length() <= 319
                && (Nsid.isValid(text) || PREFIX.matcher(text).matches());
    }

    private static boolean isDid(String text) {
        return text.length() <= MAX_DID_LENGTH && DID.matcher(text).matches();
    }

    private static boolean isSubject(String text) {
        if (!text.startsWith(URI_SCHEME)) {
            return isDid(text);
        }
        String[] parts = text.substring(URI_SCHEME.length()).split("/", -1);
        return isDid(parts[0])
                && (parts.length < 2 || Nsid.isValid(parts[1]))
                && (parts.length < 3 || RKEY.matcher(parts[2]).matches())
                && parts.length < 4;
    }

    private static boolean isLang(String text) {
        return text.length() <= MAX_LANG_LENGTH && LANG.matcher(text).matches();
    }
}
