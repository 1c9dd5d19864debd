/**
 * Compares existing Pods with the decisions for Pods that would be created now.
 *
 * <p>A Pod and its decision go in. Findings come out: missing and outdated companions, and denials.
 */
@NullMarked
package dev.pillion.injection.audit;

import org.jspecify.annotations.NullMarked;
