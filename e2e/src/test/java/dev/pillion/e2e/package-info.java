/**
 * End-to-end tests.
 *
 * <p>A real API server calls the built application, and a real kubelet runs the resulting Pods. The tests do not use classes of the
 * application.
 */
package dev.pillion.e2e;
