package dev.pillion.server.cluster;

import dev.pillion.injection.Injector;
import dev.pillion.server.configuration.PillionConfig;
import java.util.function.Supplier;

/** The injector for the current version of the cluster: it adds native sidecars or plain containers. Performs no I/O. */
public final class CurrentInjector implements Supplier<Injector> {

    private final Injector withNativeSidecars;
    private final Injector withPlainContainers;
    private final NativeSidecars sidecars;

    public CurrentInjector(PillionConfig config, NativeSidecars sidecars) {
        this.withNativeSidecars = new Injector(config.settings(true));
        this.withPlainContainers = new Injector(config.settings(false));
        this.sidecars = sidecars;
    }

    @Override
    public Injector get() {
        return sidecars.available() ? withNativeSidecars : withPlainContainers;
    }
}
