package dev.jetstream.http;

import dev.jetstream.net.RequestHead;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentTypes;

/**
 * The web page at {@code /}: one file of HTML, and what it loads, which is found under a path that names its content. So browsers
 * keep those files for good, and none mixes the files of two versions.
 */
final class Page {
    /** Where the page's files are, followed by their fingerprint and a name. */
    static final String ASSETS = "/assets/";

    private static final String PLACE_OF_ASSETS = "@assets@";
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final String ASK_EACH_TIME = "no-cache";

    /** Nothing may be loaded, run, framed or sent to but what comes from here; event streams go wherever the page is asked to. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; "
            + "connect-src 'self' ws: wss:; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; "
            + "form-action 'none'";

    private final PageFiles files;
    private final PageFiles.File html;

    /** Reads the page from the jar. */
    Page() {
        files = PageFiles.read();
        html = PageFiles.File.of(
                ContentTypes.TEXT_HTML_UTF8,
                PageFiles.text("/web/index.html").replace(PLACE_OF_ASSETS, "assets/" + files.fingerprint()));
    }

    /** The page itself where the client takes HTML; empty where it does not. */
    Optional<Answer> welcome(RequestHead head) {
        return takesHtml(head)
                ? Optional.of(answer(html, ASK_EACH_TIME, head).with("Vary", "Accept"))
                : Optional.empty();
    }

    private static boolean takesHtml(RequestHead head) {
        for (String accept : head.all("accept")) {
            for (String range : accept.split(",")) {
                if (range.split(";")[0].strip().equalsIgnoreCase("text/html")) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * A file of the page. Under another version's fingerprint today's file is found too, and not to be kept: where several
     * servers share a name, a page of one may ask another.
     *
     * @param path begins with {@link #ASSETS}
     */
    Optional<Answer> asset(String path, RequestHead head) {
        int slash = path.indexOf('/', ASSETS.length());
        if (slash < 0) {
            return Optional.empty();
        }
        boolean sameVersion = path.substring(ASSETS.length(), slash).equals(files.fingerprint());
        return files.named(path.substring(slash + 1))
                .map(file -> answer(file, sameVersion ? FOR_GOOD : ASK_EACH_TIME, head));
    }

    /** The icon, for those who look for it where browsers do of themselves. */
    Answer icon(RequestHead head) {
        return answer(files.named("icon.svg").orElseThrow(), ASK_EACH_TIME, head);
    }

    private static Answer answer(PageFiles.File file, String keep, RequestHead head) {
        boolean known = head.hasToken("if-none-match", file.etag());
        Answer answer = new Answer(known ? 304 : 200, file.type(), known ? "" : file.text(), List.of());
        for (Map.Entry<String, String> header : Map.of(
                        "Cache-Control",
                        keep,
                        "ETag",
                        file.etag(),
                        "Content-Security-Policy",
                        POLICY,
                        "X-Content-Type-Options",
                        "nosniff",
                        "Referrer-Policy",
                        "no-referrer")
                .entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }
}
