package dev.pillion.server.certificate;

import dev.pillion.cluster.certificate.SelfManagedCertificates;
import dev.pillion.cluster.event.OwnEvents;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** Counts changes of certificates, and sends Events about them. */
final class RotationListener implements SelfManagedCertificates.Listener {

    private final OwnEvents events;
    private final Counter certificates;
    private final Counter authorities;
    private final Counter repairs;
    private final Counter failures;

    RotationListener(OwnEvents events, MeterRegistry meters) {
        this.events = events;
        this.certificates = renewals("certificate", meters);
        this.authorities = renewals("authority", meters);
        this.repairs = Counter.builder("pillion.ca.bundle.repairs")
                .description("Webhooks whose caBundle was removed or changed by another client")
                .register(meters);
        this.failures = Counter.builder("pillion.certificate.sync.failures")
                .description("Failed reads and updates of Secrets and webhook configurations")
                .register(meters);
    }

    private static Counter renewals(String type, MeterRegistry meters) {
        return Counter.builder("pillion.certificate.renewals")
                .description("Certificates issued, and changes of the authorities that sign them, by this replica")
                .tag("type", type)
                .register(meters);
    }

    @Override
    public void changedAuthorities(String reason) {
        authorities.increment();
        events.normal("AuthoritiesChanged", reason);
    }

    @Override
    public void issued(String reason) {
        certificates.increment();
        events.normal("CertificateIssued", reason);
    }

    @Override
    public void repaired(List<String> webhooks) {
        repairs.increment(webhooks.size());
        events.warning("CaBundleRepaired", "another client had changed the caBundle of " + String.join(", ", webhooks));
    }

    @Override
    public void failed() {
        failures.increment();
    }
}
