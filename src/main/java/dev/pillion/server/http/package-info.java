/**
 * The connections of the two ports: TLS, their maximum number and their time limits.
 *
 * <p>Accepted channels of Netty go in. Valid requests go on to Vert.x. This package does not depend on reviews.
 */
@NullMarked
package dev.pillion.server.http;

import org.jspecify.annotations.NullMarked;
