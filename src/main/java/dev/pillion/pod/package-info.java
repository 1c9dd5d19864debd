/**
 * Reads the fields of Pods, Namespaces and workloads that decisions need.
 *
 * <p>JSON trees go in, as an API server or a person wrote them. Views of the fields come out. The trees are kept, so that fields of a newer
 * Kubernetes are not lost.
 */
@NullMarked
package dev.pillion.pod;

import org.jspecify.annotations.NullMarked;
