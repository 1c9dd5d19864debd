/**
 * The command {@code pillion certs}.
 *
 * <p>Options go in. Certificates in PEM files come out, or a report about those that there are.
 */
@NullMarked
package dev.pillion.cli.certs;

import org.jspecify.annotations.NullMarked;
