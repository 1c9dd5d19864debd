package dev.pillion.expression;

import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;

/** The parser that all expressions share. A class of its own, because a process without expressions of a user never needs it. */
final class CelParsing {

    static final CelParser PARSER = CelParserFactory.standardCelParserBuilder()
            .setOptions(CelEnvironment.OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelEnvironment.OPTIONALS)
            .build();

    private CelParsing() {}
}
