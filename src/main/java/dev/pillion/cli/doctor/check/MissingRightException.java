package dev.pillion.cli.doctor.check;

import dev.pillion.cli.doctor.check.Finding.Status;

/** The API server does not permit the caller a request that a check needs. */
final class MissingRightException extends Exception {

    private static final long serialVersionUID = 1;

    private final String right;

    /** @param right a verb and a resource, such as {@code get secrets in namespace pillion} */
    MissingRightException(String right) {
        super("the right is missing: " + right);
        this.right = right;
    }

    String right() {
        return right;
    }

    Finding finding(CheckId check) {
        return new Finding(
                check,
                Status.WARNING,
                "Not checked: you do not have the right to " + right,
                "Run the command as a user with this right: " + right);
    }
}
