/**
 * The contract with the API server: an AdmissionReview in, an AdmissionReview out.
 *
 * <p>Bytes come in and go out; what lies between is a request, a decision and a response. Knows nothing of HTTP: whoever does, maps
 * {@link dev.pillion.admission.MalformedReviewException} to 400 and everything else to 200.
 */
@NullMarked
package dev.pillion.admission;

import org.jspecify.annotations.NullMarked;
