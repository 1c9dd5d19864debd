/**
 * The types of the custom resources {@code InjectionProfile} and {@code InjectionPolicy}.
 *
 * <p>The custom resource definitions in {@code deploy/crds} are generated from these types. Nothing reads the types at run time: a typed model
 * that is read and written back would lose the fields of a newer Kubernetes. For the same reason every map keeps unknown fields, and
 * {@code catalog.compile} rejects misspelt ones.
 */
@NullMarked
package dev.pillion.cluster.resource;

import org.jspecify.annotations.NullMarked;
