package dev.pillion.yaml.splice;

/** A form of YAML that cannot be changed in place. The document is printed again. */
final class UnsupportedTextException extends Exception {

    private static final long serialVersionUID = 1;

    UnsupportedTextException(String message) {
        super(message);
    }
}
