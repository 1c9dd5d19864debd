/**
 * What {@code InjectionProfile} and {@code InjectionPolicy} look like to the API server: the custom resource definitions in
 * {@code deploy/crds} are generated from these types.
 *
 * <p>They are read by nobody at runtime. A profile may hold Kubernetes fields that this version does not know, and a typed model that is
 * read and written back would lose them; so every map keeps what it does not know, and what is unknown is refused by name, with the
 * nearest one, by the reader that also serves files.
 */
@NullMarked
package dev.pillion.cluster.resource;

import org.jspecify.annotations.NullMarked;
