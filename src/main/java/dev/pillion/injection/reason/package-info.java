/**
 * Reason codes, and who requests a profile.
 *
 * <p>Each phase of a decision reports in these types. They depend on nothing else of the decision.
 */
@NullMarked
package dev.pillion.injection.reason;

import org.jspecify.annotations.NullMarked;
