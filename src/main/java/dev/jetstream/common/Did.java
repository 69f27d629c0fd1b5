package dev.jetstream.common;

import java.util.regex.Pattern;

/** The syntax of DIDs (atproto's DID specification). */
public final class Did {
    private static final int MAX_LENGTH = 2048;
    private static final Pattern SYNTAX = Pattern.compile("did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]");

    private Did() {}

    /** Whether this is a DID of at most 2,048 characters. */
    public static boolean isValid(String text) {
        return text.length() <= MAX_LENGTH && SYNTAX.matcher(text).matches();
    }
}
