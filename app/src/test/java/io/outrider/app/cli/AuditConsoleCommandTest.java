package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditConsoleCommandTest {
  @TempDir private Path folder;

  @Test
  void othersThanThisMachineAreNotServed() throws Exception {
    AuditLog.open(AuditOptions.in(folder.resolve("var/audit"))).close();

    Ran ran = Ran.in(folder, "audit", "console", "--listen", "0.0.0.0:0");

    assertThat(ran.status()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("expected: a loopback address");
  }

  @Test
  void aFolderThatIsNoLogIsNamed() {
    Ran ran = Ran.in(folder, "audit", "console");

    assertThat(ran.status()).isEqualTo(ExitCode.USAGE);
    assertThat(ran.err()).contains("no audit log");
  }
}
