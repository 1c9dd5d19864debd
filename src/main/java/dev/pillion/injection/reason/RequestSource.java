package dev.pillion.injection.reason;

/** Who requests a profile for a Pod. Every message about a requested profile names its source, in the form of {@link #toString()}. */
public sealed interface RequestSource {

    /** An annotation of the Pod itself. */
    record Annotation(String name) implements RequestSource {

        @Override
        public String toString() {
            return "annotation " + name;
        }
    }

    /** An annotation of the Pod's namespace. */
    record NamespaceAnnotation(String namespace, String name) implements RequestSource {

        @Override
        public String toString() {
            return "annotation " + name + " of namespace " + namespace;
        }
    }

    /** A policy that grants the profile. */
    record PolicyGrant(String policy) implements RequestSource {

        @Override
        public String toString() {
            return "policy " + policy;
        }
    }
}
