package dev.pillion.catalog;

import dev.pillion.expression.Expression;

/** A condition under which a profile is left out, and what the user is told then. */
public record Guard(String name, Expression condition, String message) {}
