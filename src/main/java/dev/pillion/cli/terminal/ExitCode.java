package dev.pillion.cli.terminal;

/** The exit codes of all commands. */
public final class ExitCode {

    /** The command succeeded. */
    public static final int OK = 0;

    /**
     * A golden case of {@code check} failed, or a lint rule with {@code --strict}; {@code audit} or {@code doctor} found
     * something; a workload of {@code rollout} did not become ready; or a certificate that {@code certs show} checked is not valid.
     */
    public static final int CHECK_FAILED = 1;

    /** A wrong argument, or an input that cannot be read. */
    public static final int UNUSABLE = 2;

    /** A workload was denied. */
    public static final int DENIED = 3;

    /** An internal error; EX_SOFTWARE of sysexits.h. */
    public static final int INTERNAL = 70;

    /** The output could not be written; EX_IOERR of sysexits.h. */
    public static final int OUTPUT_LOST = 74;

    private ExitCode() {}
}
