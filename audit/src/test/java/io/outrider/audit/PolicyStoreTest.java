package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.DiskInMemory;
import io.outrider.audit.store.FileOps;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.PolicyStore;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyStoreTest {
  private static final byte[] FIRST = content("module", "main.rego", "package outrider\n");
  private static final byte[] SECOND =
      content("module V0", "old.rego", "package outrider\n\nallow { true }\n");

  private final DiskInMemory disk = new DiskInMemory();

  private static byte[] content(String... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      for (String part : parts) {
        out.writeInt(part.length());
        out.write(part.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static AuditLog open(AuditOptions options) throws AuditException {
    return AuditLog.recover(options).start(options.startFields(), FIRST);
  }

  private AuditOptions options() {
    return AuditOptions.in(DiskInMemory.ROOT)
        .withOrigin("example.com/policies")
        .withSegmentBytes(1 << 18)
        .withStartFields(Map.of("policy_digest", PolicyContent.digest(FIRST)))
        .withFiles(disk.files());
  }

  private Path file(byte[] content) {
    return DiskInMemory.ROOT.resolve(
        PolicyContent.path(PolicyContent.digest(content)).orElseThrow());
  }

  private Verification verify() {
    return AuditVerifier.verify(disk.source(), null);
  }

  @Test
  void everyPolicyThatCameIntoForceCanBeReadByItsDigest() throws Exception {
    try (AuditLog log = open(options())) {
      log.keepPolicy(SECOND);
      Listening told = new Listening();
      log.append(
          new Event(
              Event.Kind.POLICY,
              Samples.NOON,
              Map.of("policy_digest", PolicyContent.digest(SECOND))),
          Runnable::run,
          told);
      assertThat(told.index()).isPositive();
    }
    assertThat(PolicyStore.read(disk.source(), PolicyContent.digest(FIRST)).orElseThrow())
        .containsExactly(new PolicyContent.File("module", "main.rego", "package outrider\n"));
    assertThat(
            PolicyStore.read(
                    disk.source(), PolicyContent.digest(SECOND).substring("sha256:".length()))
                .orElseThrow())
        .extracting(PolicyContent.File::kind)
        .containsExactly("module V0");
    assertThat(PolicyStore.read(disk.source(), "sha256:" + Samples.DIGEST)).isEmpty();
    assertThatThrownBy(() -> PolicyStore.read(disk.source(), "../signing.key"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("64 hex digits");
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void aChangedOrMissingTextIsToldAndNamesTheRecord() throws Exception {
    open(options()).close();
    try (FileOps.Handle file = disk.files().open(file(FIRST), FileOps.Mode.WRITE)) {
      file.write(ByteBuffer.wrap("P".getBytes(StandardCharsets.US_ASCII)), file.size() - 10);
    }
    assertThat(verify().verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(verify().problems().getFirst().index()).isEqualTo(1);
    assertThat(verify().problems().getFirst().what()).contains("were changed");
    assertThatThrownBy(() -> PolicyStore.read(disk.source(), PolicyContent.digest(FIRST)))
        .isInstanceOf(FormatException.class);

    disk.files().delete(file(FIRST));
    assertThat(verify().verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(verify().problems().getFirst().what()).contains("are not kept");

    open(options()).close();
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void contentThatIsNoneIsToldApart() {
    for (byte[] bad :
        new byte[][] {{0}, {0, 0, 0, 9, 'x'}, {-1, -1, -1, -1}, {0, 0, 0, 1, (byte) 0xff}}) {
      assertThatThrownBy(() -> PolicyContent.parse(bad)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void noRecordNamesAPolicyThatACrashTookAway() throws Exception {
    int operation = 0;
    for (boolean opened = false; !opened; operation++) {
      DiskInMemory machine = new DiskInMemory();
      machine.crashAt(operation);
      opened =
          machine.liveThrough(
              () -> open(options().withFiles(machine.files())).close(), new Random(operation));
      // As the crash left it; without a checkpoint there is nothing to check yet.
      if (machine.list("").contains("checkpoint")) {
        assertThat(AuditVerifier.verify(machine.source(), null).problems())
            .as("operation %s", operation)
            .isEmpty();
      }
    }
    assertThat(operation).isGreaterThan(30);
  }
}
