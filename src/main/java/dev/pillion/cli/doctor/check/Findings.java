package dev.pillion.cli.doctor.check;

import dev.pillion.cli.doctor.check.Finding.Status;
import java.util.ArrayList;
import java.util.List;

/** Collects the findings of one check. */
final class Findings {

    private final CheckId check;
    private final List<Finding> list = new ArrayList<>();

    Findings(CheckId check) {
        this.check = check;
    }

    void failed(String sentence, String fix) {
        list.add(new Finding(check, Status.FAILED, sentence, fix));
    }

    void warning(String sentence, String fix) {
        list.add(new Finding(check, Status.WARNING, sentence, fix));
    }

    void ok(String sentence) {
        list.add(new Finding(check, Status.OK, sentence, ""));
    }

    /** A part of the check that could not run. */
    void unknown(MissingRightException missing) {
        list.add(missing.finding(check));
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    /** The findings; this sentence if there are none. */
    List<Finding> orOk(String sentence) {
        if (list.isEmpty()) {
            ok(sentence);
        }
        return list();
    }

    List<Finding> list() {
        return List.copyOf(list);
    }
}
