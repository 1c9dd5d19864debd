package dev.pillion.catalog;

import com.google.re2j.Pattern;
import dev.pillion.expression.Expression;
import dev.pillion.expression.Template;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A container that a profile adds.
 *
 * @param name the name in the profile, to which shared directories refer
 * @param names matches the names that it can have in a Pod
 * @param order the position among the init containers; the Pod's own have {@link #OWN_ORDER}
 * @param orderOf the order if it depends on the Pod; replaces {@code order}
 * @param critical whether the Pod is not ready while the container is down
 * @param when the container is left out if this is false
 * @param forEach one container for each element
 * @param inherited the fields that it takes from the app's container
 * @param body the fields of the Kubernetes container, hardened
 */
public record ContainerTemplate(
        Role role,
        String name,
        Pattern names,
        int order,
        Optional<Expression> orderOf,
        boolean critical,
        Optional<Expression> when,
        Optional<Repeat> forEach,
        Set<Inherited> inherited,
        List<FileTemplate> files,
        Template body) {

    /** The order of the Pod's own init containers. */
    public static final int OWN_ORDER = 50;

    public enum Role {
        INIT(40, "initContainers"),
        SIDECAR(60, "sidecars");

        private final int order;
        private final String field;

        Role(int order, String field) {
            this.order = order;
            this.field = field;
        }

        public int defaultOrder() {
            return order;
        }

        public String field() {
            return field;
        }
    }

    /** Whether it can have this name in a Pod. */
    public boolean mayBeNamed(String container) {
        return names.matcher(container).matches();
    }

    public boolean isSidecar() {
        return role == Role.SIDECAR;
    }

    /** A field that a container can take from the first of the app's containers. */
    public enum Inherited {
        IMAGE("image"),
        ENV("env"),
        ENV_FROM("envFrom"),
        VOLUME_MOUNTS("volumeMounts"),
        VOLUME_DEVICES("volumeDevices");

        private final String field;

        Inherited(String field) {
            this.field = field;
        }

        public String field() {
            return field;
        }
    }

    /** A repetition for each element of a list. Expressions see the element as a variable. */
    public record Repeat(String variable, Expression elements) {}

    /**
     * A file whose content is in an annotation of the Pod. A content that is a tree is written as JSON.
     *
     * @param when the container is left out if this is false
     */
    public record FileTemplate(Optional<Expression> when, Template path, Template content) {}
}
