/**
 * The command {@code pillion profiles}.
 *
 * <p>A catalog goes in. A description of its profiles and their parameters comes out.
 */
@NullMarked
package dev.pillion.cli.profiles;

import org.jspecify.annotations.NullMarked;
