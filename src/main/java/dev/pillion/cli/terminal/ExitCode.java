package dev.pillion.cli.terminal;

/** The exit codes of all commands. */
public final class ExitCode {

    /** The command succeeded. */
    public static final int OK = 0;

    /**
     * The command ran, and found something wrong: a failed case or, with {@code --strict}, a lint ({@code check}); a finding ({@code audit},
     * {@code doctor}); a workload that would be denied, an exceeded quota or a resource that would not compile ({@code plan}); a workload that
     * did not become ready, whose new Pods are outdated too, or whose change failed ({@code rollout}); a certificate that is not valid
     * ({@code certs show}).
     */
    public static final int CHECK_FAILED = 1;

    /** A wrong argument, an input or a cluster that cannot be read, or a confirmation that nobody can give. */
    public static final int UNUSABLE = 2;

    /** A workload was denied. */
    public static final int DENIED = 3;

    /** An internal error; EX_SOFTWARE of sysexits.h. */
    public static final int INTERNAL = 70;

    /** The output could not be written; EX_IOERR of sysexits.h. */
    public static final int OUTPUT_LOST = 74;

    private ExitCode() {}
}
