package dev.pillion.injection;

import dev.pillion.catalog.Policy;
import java.util.Optional;

/**
 * Whether a policy applies to a Pod.
 *
 * @param mismatch why the policy does not apply; empty when it does
 */
public record PolicyView(Policy policy, Optional<String> mismatch) {}
