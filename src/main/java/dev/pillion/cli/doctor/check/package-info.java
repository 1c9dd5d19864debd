/**
 * The checks of {@code pillion doctor}.
 *
 * <p>The objects of a cluster and the manifests in {@code deploy/} go in. Findings come out, each with the id of its check. A check reads, asks for
 * access reviews and sends dry-run requests. It changes nothing.
 */
@NullMarked
package dev.pillion.cli.doctor.check;

import org.jspecify.annotations.NullMarked;
