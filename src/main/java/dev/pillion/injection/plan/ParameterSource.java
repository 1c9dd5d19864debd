package dev.pillion.injection.plan;

/** The source of a parameter's value. */
public sealed interface ParameterSource {

    /** An annotation of the Pod. */
    record Annotation(String name) implements ParameterSource {

        @Override
        public String toString() {
            return "annotation " + name;
        }
    }

    /** The parameters of a policy. */
    record PolicyValue(String policy) implements ParameterSource {

        @Override
        public String toString() {
            return "policy " + policy;
        }
    }

    /** The default in the profile. */
    record Default() implements ParameterSource {

        @Override
        public String toString() {
            return "default";
        }
    }
}
