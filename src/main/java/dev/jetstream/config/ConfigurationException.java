package dev.jetstream.config;

/** Says everything that is wrong with the configuration, in one message for the operator. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigurationException(String message) {
        super(message);
    }
}
