package dev.pillion.cli.terminal;

/** What a command's end tells scripts. */
public final class ExitCode {

    /** Done: injected, or nothing was to be done. */
    public static final int OK = 0;

    /**
     * A golden case of {@code check} did not come out as it says, or there is a lint and it is strict; {@code audit} found a Pod that
     * lacks something; or a certificate that {@code certs show} looked at is not good.
     */
    public static final int CHECK_FAILED = 1;

    /** Wrong use, or an input that cannot be read. */
    public static final int UNUSABLE = 2;

    /** A workload was denied. */
    public static final int DENIED = 3;

    /** A mistake in Pillion itself; EX_SOFTWARE of sysexits.h. */
    public static final int INTERNAL = 70;

    /** The output could not be written; EX_IOERR of sysexits.h. */
    public static final int OUTPUT_LOST = 74;

    private ExitCode() {}
}
