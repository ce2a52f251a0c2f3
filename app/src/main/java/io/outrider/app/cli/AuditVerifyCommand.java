package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.Durations;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.BundleVerifier;
import io.outrider.audit.verify.HttpSource;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.ProofVerifier;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import io.outrider.review.timestamp.Authorities;
import io.outrider.review.timestamp.TimeStampReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Check a whole log: every record, the tree, the signatures, and that nothing is missing.",
      "Give the public key with --key: a key read from the log's own folder proves only that the folder agrees with itself."
    },
    footer =
        "Exit status: 0 intact, 1 tampered with, 2 unreadable, 3 intact but incomplete, 4 intact but not anchored (recently enough).")
final class AuditVerifyCommand implements Callable<Integer> {
  private static final byte[] ZIP = {'P', 'K'};

  /// Each needs room for a bundle and the values kept for it.
  private static final int MAX_THREADS = 256;

  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Parameters(
      arity = "0..1",
      paramLabel = "LOG",
      description =
          "A log's folder, the address it is published at (http or https), an evidence bundle (.zip) or the proof of one record (.tlog-proof). Default: as --dir.")
  private @Nullable String target;

  @Option(
      names = {"--key", "--vkey"},
      paramLabel = "KEY",
      description = "The log's public key, or a file with it.")
  private @Nullable String key;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description =
          "A C2SP tlog-policy: the keys of logs and witnesses, and how many of them must have cosigned.")
  private @Nullable Path policy;

  @Option(
      names = "--anchored-within",
      paramLabel = "TIME",
      description = "How long ago the log may have been anchored last, such as 24h.")
  private @Nullable String anchoredWithin;

  @Option(
      names = "--tsa-ca",
      paramLabel = "FILE",
      description =
          "Root certificates (PEM) of time-stamping authorities; without them time stamps are shown and prove nothing.")
  private @Nullable Path tsaCa;

  @Option(
      names = {"--since", "--checkpoint"},
      paramLabel = "FILE",
      description = "A checkpoint saved earlier; the log must begin with it. May be repeated.")
  private @Nullable List<Path> since;

  @Option(
      names = "--pairs",
      description = "List every call that has no outcome, not only the first.")
  private boolean pairs;

  @Option(
      names = "--deep",
      description = "Also check the signature of every checkpoint the log kept of itself.")
  private boolean deep;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Check this many parts of the log at a time. Default: as many as there are processors.")
  private @Nullable Integer threads;

  @Option(
      names = "--proof",
      paramLabel = "FILE",
      description = "The same as the file's name in place of LOG.")
  private @Nullable Path proof;

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  @Option(names = "--json", description = "The same as --format json.")
  private boolean json;

  AuditVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (proof != null && target != null) {
      throw new Fatal("--proof: there is something else to check, " + target);
    }
    String what = proof == null ? target : proof.toString();
    VerifyOptions options = options();
    try {
      return what == null ? log(folder.source(terminal), options) : any(what, options);
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private int any(String what, VerifyOptions options) throws IOException {
    if (what.startsWith("http://") || what.startsWith("https://")) {
      try (HttpSource source = new HttpSource(URI.create(what))) {
        return log(source, options);
      } catch (IllegalArgumentException e) {
        throw new Fatal(what + ": " + e.getMessage());
      }
    }
    Path path = terminal.resolve(Path.of(what));
    if (Files.isDirectory(path)) {
      return log(LogSource.folder(path), options);
    }
    if (!Files.isRegularFile(path)) {
      throw new Fatal(
          "no audit log: " + path + " (expected: a folder, a bundle, a proof or an address)");
    }
    return isZip(path) ? bundle(path, options) : proof(path, options);
  }

  private static boolean isZip(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(ZIP.length), ZIP);
    }
  }

  private int log(LogSource source, VerifyOptions options) {
    Verification result;
    try (ProgressLine line = new ProgressLine(terminal, "records checked", System::nanoTime)) {
      result = AuditVerifier.check(source, options.withProgress(line::at));
    }
    return print(result);
  }

  private int bundle(Path path, VerifyOptions options) throws IOException {
    Verification result;
    try (ProgressLine line = new ProgressLine(terminal, "proofs checked", System::nanoTime)) {
      result = BundleVerifier.check(path, options.withProgress(line::at));
    }
    return print(result);
  }

  private int proof(Path path, VerifyOptions options) throws IOException {
    if (options.key().isEmpty()) {
      throw new Fatal(
          path.getFileName()
              + ": needs the log's public key with --key; the proof cannot vouch for itself");
    }
    try (InputStream in = Files.newInputStream(path)) {
      ProofVerifier.Checked checked =
          ProofVerifier.check(in.readNBytes(VerificationText.MAX_PROOF), options);
      int status = print(checked.verification());
      checked
          .leaf()
          .filter(leaf -> !isJson())
          .ifPresent(leaf -> VerificationText.record(terminal, leaf));
      return status;
    }
  }

  private int print(Verification result) {
    if (isJson()) {
      VerificationText.json(terminal, result);
    } else {
      VerificationText.print(terminal, result);
    }
    return result.verdict().exitCode();
  }

  private boolean isJson() {
    return json || format == OutputFormat.json;
  }

  private VerifyOptions options() {
    VerifyOptions options =
        VerifyOptions.DEFAULT
            .withDepth(deep, pairs)
            .withAnchors(List.of(new TimeStampReader(authorities())));
    if (threads != null) {
      if (threads < 1 || threads > MAX_THREADS) {
        throw new Fatal("--threads: " + threads + " (expected: 1 to " + MAX_THREADS + ")");
      }
      options = options.withThreads(threads);
    }
    if (policy != null) {
      options = withPolicy(options, policy);
    }
    if (key != null) {
      options = options.withKey(AuditFolder.key(terminal, key));
    }
    if (anchoredWithin != null) {
      options =
          options.withAnchoredWithin(
              Durations.parse(anchoredWithin)
                  .filter(within -> within.isPositive())
                  .orElseThrow(() ->
                      new Fatal(
                          "--anchored-within: " + anchoredWithin + " (expected: such as 24h)")));
    }
    for (Path file : since == null ? List.<Path>of() : since) {
      options = options.withSaved(file.toString(), read(file));
    }
    return options;
  }

  private Optional<Authorities> authorities() {
    if (tsaCa == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Authorities.read(terminal.resolve(tsaCa)));
    } catch (IOException e) {
      throw new Fatal("--tsa-ca: " + Messages.of(e));
    }
  }

  /// A policy that names one log names the key too.
  private VerifyOptions withPolicy(VerifyOptions options, Path file) {
    TlogPolicy parsed;
    try {
      parsed = TlogPolicy.parse(read(file));
    } catch (FormatException e) {
      throw new Fatal("--policy: " + file + ": " + e.getMessage());
    }
    VerifierKey given = key == null ? null : AuditFolder.key(terminal, key);
    if (given != null
        && !parsed.logs().isEmpty()
        && parsed.logs().stream().noneMatch(log -> log.key().equals(given))) {
      throw new Fatal("--policy: " + file + " does not name the log of --key");
    }
    if (given == null && parsed.logs().size() > 1) {
      throw new Fatal(
          "--policy: "
              + file
              + " names "
              + parsed.logs().size()
              + " logs (expected: one, or --key to say which)");
    }
    return given == null && !parsed.logs().isEmpty()
        ? options.withPolicy(parsed).withKey(parsed.logs().getFirst().key())
        : options.withPolicy(parsed);
  }

  private byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(terminal.resolve(file))) {
      byte[] content = in.readNBytes(VerificationText.MAX_PROOF + 1);
      if (content.length > VerificationText.MAX_PROOF) {
        throw new Fatal(file + ": more than " + VerificationText.MAX_PROOF + " bytes");
      }
      return content;
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }
}
