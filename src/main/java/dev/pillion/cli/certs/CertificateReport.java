package dev.pillion.cli.certs;

import dev.pillion.certificates.InvalidCertificateException;
import dev.pillion.certificates.ServerCertificate;
import dev.pillion.certificates.Validity;
import dev.pillion.cli.manifest.UnusableInputException;
import dev.pillion.cli.terminal.Colors;
import dev.pillion.cli.terminal.Colors.Ink;
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

/** Shows certificates to a person, and remembers whether all was good. */
final class CertificateReport {

    private static final String INDENT = "  ";
    private static final int WIDEST_LABEL = 20;
    private static final int NO_AUTHORITY = -1;

    private final PrintWriter out;
    private final Colors paint;
    private final Instant now;
    private boolean good = true;

    CertificateReport(PrintWriter out, Colors paint, Instant now) {
        this.out = out;
        this.paint = paint;
        this.now = now;
    }

    boolean isGood() {
        return good;
    }

    void print(Path file) throws UnusableInputException {
        for (X509Certificate certificate : CertificateFiles.certificates(file)) {
            Validity validity = Validity.of(certificate);
            out.println(paint.in(Ink.TITLE, file.toString()));
            Table table = new Table(INDENT, WIDEST_LABEL);
            row(table, "subject", certificate.getSubjectX500Principal().getName());
            row(table, "issuer", certificate.getIssuerX500Principal().getName());
            if (certificate.getBasicConstraints() == NO_AUTHORITY) {
                row(table, "for", names(certificate));
            } else {
                row(table, "for", "signing other certificates");
            }
            row(table, "good from", validity.from().toString());
            row(table, "good until", validity.to().toString());
            table.row(new Cell("today", Ink.FAINT), today(validity));
            table.print(out, paint);
        }
    }

    private Cell today(Validity validity) {
        if (validity.holdsAt(now)) {
            long days = Duration.between(now, validity.to()).toDays();
            boolean due = !now.isBefore(validity.due());
            return new Cell(
                    "good, " + days + (days == 1 ? " day" : " days") + " left" + (due ? "; time to renew it" : ""),
                    due ? Ink.WARNING : Ink.GOOD);
        }
        good = false;
        return new Cell(now.isBefore(validity.from()) ? "not good yet" : "has ended", Ink.BAD);
    }

    /** Whether a key is that of the first certificate in a file. */
    void printFit(Path file, Path key) throws UnusableInputException {
        String certificate = CertificateFiles.read(file);
        String keyText = CertificateFiles.read(key);
        try {
            ServerCertificate.parse(certificate, keyText);
            verdict(true, key + " is its key");
        } catch (InvalidCertificateException e) {
            verdict(false, key + ": " + e.getMessage());
        }
    }

    /** Whether one of the authorities in a file signed the first certificate in another. */
    void printIssuer(Path file, Path authority) throws UnusableInputException {
        X509Certificate certificate = CertificateFiles.certificates(file).getFirst();
        List<X509Certificate> authorities = CertificateFiles.certificates(authority);
        boolean signed = authorities.stream().anyMatch(it -> isSigned(certificate, it));
        verdict(signed, authority + (signed ? " signed it" : " did not sign it"));
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void verdict(boolean well, String text) {
        good &= well;
        out.println(paint.in(well ? Ink.GOOD : Ink.BAD, Printable.oneLine(text)));
    }

    private static void row(Table table, String label, String value) {
        table.row(new Cell(label, Ink.FAINT), Cell.of(value));
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? "no name at all; the API server looks for a subject alternative name"
                    : names.stream().map(name -> String.valueOf(name.get(1))).collect(Collectors.joining(", "));
        } catch (CertificateParsingException e) {
            return "names that cannot be read";
        }
    }
}
