/** The composition root: hands the server to the command line. */
@NullMarked
package dev.pillion;

import org.jspecify.annotations.NullMarked;
