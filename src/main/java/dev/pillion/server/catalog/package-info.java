/**
 * Keeps the current catalog.
 *
 * <p>Files and custom resources go in. The catalog that reviews use comes out, with its health and metrics.
 */
@NullMarked
package dev.pillion.server.catalog;

import org.jspecify.annotations.NullMarked;
