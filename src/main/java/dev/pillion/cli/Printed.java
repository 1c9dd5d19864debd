package dev.pillion.cli;

import java.util.List;

/** What a command prints. */
record Printed(String text, List<String> warnings) {

    Printed {
        warnings = List.copyOf(warnings);
    }
}
