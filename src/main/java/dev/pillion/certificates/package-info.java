/**
 * Certificates for the webhook's HTTPS, and the authorities that sign them.
 *
 * <p>The present certificates and the time come in. The next step of the rotation goes out, with new certificates. Secrets and webhook
 * configurations are read and written by {@code cluster.certificate}.
 */
@NullMarked
package dev.pillion.certificates;

import org.jspecify.annotations.NullMarked;
