package dev.jetstream.config;

/** A configuration that cannot be used. The message lists all problems, for the operator. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigurationException(String message) {
        super(message);
    }
}
