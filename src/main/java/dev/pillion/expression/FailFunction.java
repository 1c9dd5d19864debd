package dev.pillion.expression;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;

/** {@code fail('why')}: ends the evaluation without a value. The text is the message for the user. */
final class FailFunction {

    static final String NAME = "fail";

    private static final String OVERLOAD = "fail_string";

    /** Has any type, so that an expression can use it instead of a value. */
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
