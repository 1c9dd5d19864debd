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
 * @param name its name as it stands in the profile, by which shared directories refer to it
 * @param names what its name may be once it is rendered
 * @param order where it stands among the init containers; the Pod's own stand at {@link #OWN_ORDER}
 * @param orderOf where that depends on the Pod, in place of {@code order}
 * @param critical whether the Pod is not ready while it is down
 * @param when left out where this does not hold
 * @param forEach one container for each element
 * @param inherited what it takes from the app's container
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

    /** Where the Pod's own init containers stand. */
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

    /** Whether it could have this name once it is rendered. */
    public boolean mayBeNamed(String container) {
        return names.matcher(container).matches();
    }

    public boolean isSidecar() {
        return role == Role.SIDECAR;
    }

    /** What a container can take from the first of the app's containers. */
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

    /** One container for each element of a list, which expressions see under a name. */
    public record Repeat(String variable, Expression elements) {}

    /**
     * A file whose content the Pod carries in an annotation. A content that is a tree is written as JSON.
     *
     * @param when left out where this does not hold
     */
    public record FileTemplate(Optional<Expression> when, Template path, Template content) {}
}
