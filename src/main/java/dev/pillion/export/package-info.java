/**
 * Exports policies as the API server's own admission policies.
 *
 * <p>A policy and its profiles come in. Manifests go out with their differences from Pillion, or the reasons why the policy cannot be exported.
 */
@NullMarked
package dev.pillion.export;

import org.jspecify.annotations.NullMarked;
