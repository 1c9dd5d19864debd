/**
 * What the operator configures for decisions: native sidecars, known third-party sidecars, image mirrors and tolerated additions.
 *
 * <p>Text from the configuration or from options goes in. Settings that a decision can use come out.
 */
@NullMarked
package dev.pillion.injection.settings;

import org.jspecify.annotations.NullMarked;
