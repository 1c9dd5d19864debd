package dev.pillion.e2e;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Prints the name of each completed test as a sentence. */
public final class Progress implements TestExecutionListener {

    private final Map<String, Long> started = new ConcurrentHashMap<>();

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            Duration took = Duration.ofNanos(System.nanoTime() - started.get(test.getUniqueId()));
            System.out.printf(
                    "  %-7s %5.1f s  %s%n",
                    switch (result.getStatus()) {
                        case SUCCESSFUL -> "ok";
                        case FAILED -> "FAILED";
                        case ABORTED -> "skipped";
                    },
                    took.toMillis() / 1000.0,
                    nameOf(test));
        }
    }

    private static String nameOf(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method ->
                        method.getClassName().substring(method.getClassName().lastIndexOf('.') + 1) + ": "
                                + words(test.getDisplayName()))
                .orElse(test.getDisplayName());
    }

    /** {@code waitsForEachTarget(Sandbox)} as "waits for each target". */
    private static String words(String method) {
        String name = method.contains("(") ? method.substring(0, method.indexOf('(')) : method;
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
                .toLowerCase(java.util.Locale.ROOT);
    }
}
