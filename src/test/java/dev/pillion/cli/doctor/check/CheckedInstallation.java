package dev.pillion.cli.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pillion.cli.doctor.check.Finding.Status;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A test of checks with an installation, which it breaks. */
abstract class CheckedInstallation {

    final FakeInstallation cluster = new FakeInstallation();

    @AfterEach
    void stop() {
        cluster.close();
    }

    Finding only(Check check) {
        List<Finding> findings = cluster.run(check);
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    void assertFound(Check check, Status status, String sentence) {
        Finding finding = only(check);
        assertThat(finding.sentence()).isEqualTo(sentence);
        assertThat(finding.status()).isEqualTo(status);
        assertThat(finding.fix().isEmpty()).isEqualTo(status == Status.OK);
    }
}
