/**
 * Makes a catalog from the custom resources of a cluster.
 *
 * <p>Resources as the API server has them go in. A catalog comes out, with the status of each resource. A resource that does not compile is
 * replaced by its last version that did.
 */
@NullMarked
package dev.pillion.catalog.resource;

import org.jspecify.annotations.NullMarked;
