package dev.pillion.injection;

import dev.pillion.catalog.Policy;
import java.util.Optional;

/**
 * How a policy sees a Pod.
 *
 * @param mismatch why it is not for this Pod; empty when it is
 */
public record PolicyView(Policy policy, Optional<String> mismatch) {}
