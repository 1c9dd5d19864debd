/**
 * Certificates for the webhook's HTTPS, and the authorities that sign them.
 *
 * <p>What there is and the time come in; what is to be made next goes out, made. Nothing here knows where it is kept: Secrets and
 * webhook configurations are the cluster's room.
 */
@NullMarked
package dev.pillion.certificates;

import org.jspecify.annotations.NullMarked;
