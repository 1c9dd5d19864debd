package dev.pillion.certificates;

/** The next step of a rotation. */
public sealed interface Step {

    /** Nothing to do. */
    record Rest() implements Step {}

    /**
     * Stores other authorities.
     *
     * @param reason a sentence for the log and for an Event
     */
    record KeepAuthorities(Authorities authorities, String reason) implements Step {}

    /**
     * Writes the authorities to all webhooks.
     *
     * @param bundle PEM
     */
    record Publish(String bundle) implements Step {}

    /**
     * Stores another certificate, which all replicas then serve.
     *
     * @param reason a sentence for the log and for an Event
     */
    record KeepCertificate(IssuedCertificate issued, String reason) implements Step {}
}
