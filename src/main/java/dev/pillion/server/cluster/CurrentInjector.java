package dev.pillion.server.cluster;

import dev.pillion.injection.Injector;
import dev.pillion.server.configuration.PillionConfig;
import java.util.function.Supplier;

/** The injector for the cluster as it is: one that adds native sidecars, or one that adds plain containers. Asking for it is a read of memory. */
public final class CurrentInjector implements Supplier<Injector> {

    private final Injector natively;
    private final Injector plainly;
    private final NativeSidecars sidecars;

    public CurrentInjector(PillionConfig config, NativeSidecars sidecars) {
        this.natively = new Injector(config.settings(true));
        this.plainly = new Injector(config.settings(false));
        this.sidecars = sidecars;
    }

    @Override
    public Injector get() {
        return sidecars.available() ? natively : plainly;
    }
}
