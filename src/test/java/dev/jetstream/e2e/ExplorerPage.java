package dev.jetstream.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The web page as a person meets it. */
final class ExplorerPage {
    private final Browser browser;
    private final InetSocketAddress server;

    private ExplorerPage(Browser browser, InetSocketAddress server) {
        this.browser = browser;
        this.server = server;
    }

    /** Opens the page of a server; the browser must not be at it. */
    static ExplorerPage open(Browser browser, InetSocketAddress server, String query)
            throws IOException, InterruptedException {
        browser.go(URI.create("http://127.0.0.1:" + server.getPort() + "/" + (query.isEmpty() ? "" : "#" + query)));
        return new ExplorerPage(browser, server);
    }

    int rows() {
        return browser.run("return document.querySelectorAll('#list .row').length")
                .asInt();
    }

    void awaitRows(int atLeast) {
        browser.until(() -> rows() >= atLeast, atLeast + " events");
    }

    /** The {@code time_us} of the events shown, oldest first. */
    List<Long> times() {
        List<Long> times = new ArrayList<>();
        for (JsonNode title : browser.run("return [...document.querySelectorAll('#list time')].map((t) => t.title)")) {
            times.add(Long.parseLong(title.asText().replaceAll(".* ", "")));
        }
        Collections.reverse(times);
        return times;
    }

    /** The texts of the rows' cells of one class, newest first. */
    List<String> cells(String kind) {
        List<String> texts = new ArrayList<>();
        browser.run("return [...document.querySelectorAll('#list .' + arguments[0])].map((e) => e.textContent)", kind)
                .forEach(text -> texts.add(text.asText()));
        return texts;
    }

    void awaitState(String says) {
        browser.until(() -> browser.text("#feed-state").asText().contains(says), "the state " + says);
    }

    /** Waits until the list has this many events newer than one, and returns their times, oldest first. */
    List<Long> awaitNewer(long than, int atLeast) {
        List<List<Long>> newer = new ArrayList<>();
        browser.until(
                () -> {
                    newer.clear();
                    newer.add(times().stream().filter(time -> time > than).toList());
                    return newer.get(0).size() >= atLeast;
                },
                atLeast + " events after " + than);
        return newer.get(0);
    }

    /** Moves the pointer away from the list, which holds still below it. */
    void leaveList() throws IOException, InterruptedException {
        browser.click("h1");
    }

    /** Chooses an option as a person does whose browser has its own way of drawing it. */
    void choose(String select, String value) {
        browser.run(
                "const e = document.querySelector(arguments[0]); e.value = arguments[1];"
                        + " e.dispatchEvent(new Event('change', {bubbles: true}))",
                select,
                value);
    }

    /** Nothing went wrong on the page, and it spoke to nobody but its server. */
    void assertQuietAndAlone() throws IOException, InterruptedException {
        List<String> errors = browser.consoleErrors();
        if (!errors.isEmpty()) {
            throw new AssertionError("the console shows " + errors);
        }
        for (URI address : browser.requests()) {
            boolean overNetwork = address.getScheme().matches("https?|wss?|ftp");
            boolean own = "127.0.0.1".equals(address.getHost()) && address.getPort() == server.getPort();
            if (overNetwork && !own) {
                throw new AssertionError("the page asked for " + address);
            }
        }
    }
}
