package dev.pillion.cli.doctor.check;

/**
 * One result of a check.
 *
 * @param sentence what the check found
 * @param fix what to do; empty if nothing needs to be done
 */
public record Finding(CheckId check, Status status, String sentence, String fix) {

    public enum Status {
        OK,
        /** Something that may be intended, or that the check could not find out. */
        WARNING,
        FAILED
    }
}
