/**
 * Certificates for the webhook's HTTPS.
 *
 * <p>Names and a validity come in; PEM goes out. Today that is a short-lived self-signed certificate for trying Pillion out.
 */
@NullMarked
package dev.pillion.certificates;

import org.jspecify.annotations.NullMarked;
