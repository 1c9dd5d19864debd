/**
 * What Pillion reads of a Pod and of its namespace, and where a Pod stands in a workload's manifest.
 *
 * <p>JSON trees come in as an API server or a person wrote them; the few fields that a decision needs go out, each with its place.
 * The tree itself is kept as it is: fields that this version does not know must survive.
 */
@NullMarked
package dev.pillion.pod;

import org.jspecify.annotations.NullMarked;
