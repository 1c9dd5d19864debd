/**
 * Black-box tests: the built application as a process, a real API server that calls it, and a real kubelet that runs what comes of it.
 * Nothing of the application is on the class path.
 */
package dev.pillion.e2e;
