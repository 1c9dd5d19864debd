/**
 * Answers {@code /mutate}, {@code /validate} and {@code /validate-resources}.
 *
 * <p>HTTP requests go in. HTTP responses come out, in time or not at all. Log lines, Events, metrics and traces follow, and never delay a
 * response.
 */
@NullMarked
package dev.pillion.server.review;

import org.jspecify.annotations.NullMarked;
