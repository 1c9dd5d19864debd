package dev.pillion.server.configuration;

/** What is configured cannot be. The message names the property, what is wrong and what would be right. */
public final class InvalidConfigurationException extends Exception {

    private static final long serialVersionUID = 1;

    public InvalidConfigurationException(String message) {
        super(message);
    }
}
