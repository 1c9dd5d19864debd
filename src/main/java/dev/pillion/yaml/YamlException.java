package dev.pillion.yaml;

/** A text that is not YAML. */
public final class YamlException extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;

    YamlException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** The line of the error, from 1. */
    public int line() {
        return line;
    }
}
