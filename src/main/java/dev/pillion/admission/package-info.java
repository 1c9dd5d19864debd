/**
 * The AdmissionReview protocol (admission.k8s.io/v1).
 *
 * <p>The bytes of a review go in. The bytes of a response come out. This package knows nothing of HTTP.
 */
@NullMarked
package dev.pillion.admission;

import org.jspecify.annotations.NullMarked;
