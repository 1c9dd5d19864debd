/**
 * The settings of the server.
 *
 * <p>Properties and environment variables go in. {@link dev.pillion.server.configuration.PillionConfig} comes out, or a message that names the
 * setting.
 */
@NullMarked
package dev.pillion.server.configuration;

import org.jspecify.annotations.NullMarked;
