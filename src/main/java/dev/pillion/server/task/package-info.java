/**
 * Runs periodic tasks in the background.
 *
 * <p>Tasks go in. Metrics of their last success come out.
 */
@NullMarked
package dev.pillion.server.task;

import org.jspecify.annotations.NullMarked;
