package dev.pillion.server;

/** What is configured cannot be. The message names the property, what is wrong and what would be right. */
final class InvalidConfigurationException extends Exception {

    private static final long serialVersionUID = 1;

    InvalidConfigurationException(String message) {
        super(message);
    }
}
