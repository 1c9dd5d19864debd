package dev.pillion.catalog;

import dev.pillion.expression.Expression;
import java.util.List;

/** A condition that excludes a Pod from a profile, or causes a warning, with its message. */
public record Guard(String name, Expression condition, String message) {

    /** A companion declares a port that another container of the Pod uses. Checked for every profile. */
    public static final String PORT_TAKEN = "port-taken";

    /** A companion's port has the name of another container's port. Checked for every profile. */
    public static final String PORT_NAME_TAKEN = "port-name-taken";

    /** The guards of every profile. Profiles do not declare them. */
    public static final List<String> OF_EVERY_PROFILE = List.of(PORT_TAKEN, PORT_NAME_TAKEN);
}
