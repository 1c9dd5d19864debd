package dev.pillion.cli.certs;

import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.certificates.Validity;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.option.StandardOptions;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.TextStyle;
import dev.pillion.cli.terminal.Printable;
import dev.pillion.cli.terminal.Table;
import dev.pillion.cli.terminal.Table.Cell;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Prints certificates and the results of checks on them. */
final class CertificateReport {

    private static final String INDENT = "  ";
    private static final int WIDEST_LABEL = 20;
    private static final int NO_AUTHORITY = -1;

    private final PrintWriter out;
    private final Colors colors;
    private final int width;
    private final Instant now;
    private boolean good = true;

    CertificateReport(StandardOptions standard, Instant now) {
        this.out = standard.out();
        this.colors = standard.colors();
        this.width = standard.width();
        this.now = now;
    }

    /** Whether all certificates are valid now, and all checks passed. */
    boolean isGood() {
        return good;
    }

    void print(Path file) throws UnusableInputException {
        for (X509Certificate certificate : CertificateFiles.certificates(file)) {
            Validity validity = Validity.of(certificate);
            out.println(colors.in(TextStyle.TITLE, file.toString()));
            Table table = new Table(INDENT, width, WIDEST_LABEL);
            row(table, "subject", certificate.getSubjectX500Principal().getName());
            row(table, "issuer", certificate.getIssuerX500Principal().getName());
            if (certificate.getBasicConstraints() == NO_AUTHORITY) {
                row(table, "for", names(certificate));
            } else {
                row(table, "for", "signing other certificates");
            }
            row(table, "valid from", validity.from().toString());
            row(table, "valid until", validity.to().toString());
            table.row(new Cell("today", TextStyle.FAINT), today(validity));
            table.print(out, colors);
        }
    }

    private Cell today(Validity validity) {
        if (validity.holdsAt(now)) {
            long days = Duration.between(now, validity.to()).toDays();
            boolean due = !now.isBefore(validity.due());
            return new Cell(
                    "valid, " + days + (days == 1 ? " day" : " days") + " left" + (due ? "; renew it now" : ""),
                    due ? TextStyle.WARNING : TextStyle.GOOD);
        }
        good = false;
        return new Cell(now.isBefore(validity.from()) ? "not valid yet" : "expired", TextStyle.BAD);
    }

    /** Checks that a key belongs to the first certificate in a file. */
    void printKey(Path file, Path key) throws UnusableInputException {
        String certificate = CertificateFiles.read(file);
        String keyText = CertificateFiles.read(key);
        try {
            ServerCertificate.parse(certificate, keyText);
            result(true, key + " is its key");
        } catch (InvalidCertificateException e) {
            result(false, key + ": " + e.getMessage());
        }
    }

    /** Checks that one of the authorities in a file signed the first certificate in another file. */
    void printIssuer(Path file, Path authority) throws UnusableInputException {
        X509Certificate certificate = CertificateFiles.certificates(file).getFirst();
        List<X509Certificate> authorities = CertificateFiles.certificates(authority);
        boolean signed = authorities.stream().anyMatch(it -> isSigned(certificate, it));
        result(signed, authority + (signed ? " signed it" : " did not sign it"));
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void result(boolean passed, String text) {
        good &= passed;
        out.println(colors.in(passed ? TextStyle.GOOD : TextStyle.BAD, Printable.oneLine(text)));
    }

    private static void row(Table table, String label, String value) {
        table.row(new Cell(label, TextStyle.FAINT), Cell.of(value));
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? "no name; the API server requires a subject alternative name"
                    : names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.joining(", "));
        } catch (CertificateParsingException e) {
            return "names that cannot be read";
        }
    }
}
