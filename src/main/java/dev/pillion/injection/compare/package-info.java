/**
 * Compares trees as Kubernetes defaults them.
 *
 * <p>Two trees go in, one of them defaulted by the API server. The fields that differ come out.
 */
@NullMarked
package dev.pillion.injection.compare;

import org.jspecify.annotations.NullMarked;
