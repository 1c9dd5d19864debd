package dev.pillion.certificates;

/** What is to be done for the certificates next. */
public sealed interface Step {

    /** All is as it should be. */
    record Rest() implements Step {}

    /**
     * Other authorities are to be kept from now on.
     *
     * @param reason a sentence for the log and for an Event
     */
    record KeepAuthorities(Authorities authorities, String reason) implements Step {}

    /**
     * All webhooks are to trust these authorities and no others.
     *
     * @param bundle PEM
     */
    record Publish(String bundle) implements Step {}

    /**
     * Another certificate is to be served from now on.
     *
     * @param reason a sentence for the log and for an Event
     */
    record KeepCertificate(IssuedCertificate issued, String reason) implements Step {}
}
