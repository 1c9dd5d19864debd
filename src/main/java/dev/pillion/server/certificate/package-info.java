/**
 * Keeps the certificate that the server presents.
 *
 * <p>Files or a Secret go in. The certificate for each TLS handshake comes out. The leader also renews it.
 */
@NullMarked
package dev.pillion.server.certificate;

import org.jspecify.annotations.NullMarked;
