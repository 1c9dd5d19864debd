package dev.pillion.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/** A self-signed server certificate for one address or name, and its key, as PEM files. */
record Certificate(Path certificate, Path key) {

    static Certificate of(String address) throws IOException {
        return ofSubject("IP:" + address);
    }

    static Certificate ofName(String name) throws IOException {
        return ofSubject("DNS:" + name);
    }

    private static Certificate ofSubject(String alternativeName) throws IOException {
        Path directory = Environment.temporaryDirectory("tls");
        Certificate pair = new Certificate(
                directory.resolve("tls.crt").toAbsolutePath(),
                directory.resolve("tls.key").toAbsolutePath());
        Command.run(List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=pillion",
                        "-addext",
                        "subjectAltName=" + alternativeName,
                        "-keyout",
                        pair.key.toString(),
                        "-out",
                        pair.certificate.toString()))
                .orFail();
        return pair;
    }

    /** The certificate for the field {@code caBundle} of a webhook. */
    String caBundle() throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
    }
}
