/**
 * Keeps Pillion's certificates in Secrets and in the webhook configurations.
 *
 * <p>Decisions of {@code certificates} go in. Secrets, {@code caBundle} fields and owner references are written.
 */
@NullMarked
package dev.pillion.cluster.certificate;

import org.jspecify.annotations.NullMarked;
