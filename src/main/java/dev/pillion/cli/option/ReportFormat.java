package dev.pillion.cli.option;

/** The format of a report. */
public enum ReportFormat {
    /** For people. */
    TEXT,
    JSON;

    @Override
    public String toString() {
        return Keywords.of(this);
    }
}
