package dev.pillion.expression;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;

/** {@code fail('why')}: an expression that reaches it has no value, and the text is the whole explanation that a user reads. */
final class FailFunction {

    static final String NAME = "fail";

    private static final String OVERLOAD = "fail_string";

    /** Of any type, so that it can stand in place of a value. */
    static final CelFunctionDecl DECLARATION = CelFunctionDecl.newFunctionDeclaration(
            NAME, CelOverloadDecl.newGlobalOverload(OVERLOAD, SimpleType.DYN, SimpleType.STRING));

    static final CelFunctionBinding BINDING = CelFunctionBinding.from(OVERLOAD, String.class, FailFunction::fail);

    private FailFunction() {}

    private static Object fail(String why) {
        throw new Failure(why);
    }

    /** Thrown when an expression calls the function. */
    static final class Failure extends RuntimeException {

        private static final long serialVersionUID = 1;

        Failure(String why) {
            super(why, null, false, false);
        }
    }
}
