/**
 * Puts a policy into the words of others: what the API server's own admission policies can say of it. A policy and its profiles come
 * in; manifests go out, with what they do otherwise, or the reasons why there are none.
 */
@NullMarked
package dev.pillion.export;

import org.jspecify.annotations.NullMarked;
