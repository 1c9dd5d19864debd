package dev.pillion.server.configuration;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** Settings for tests that start no server. */
public final class TestConfig {

    private TestConfig() {}

    /** @param properties that differ from their defaults */
    public static PillionConfig of(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(properties)
                .withMapping(PillionConfig.class)
                .build()
                .getConfigMapping(PillionConfig.class);
    }
}
