package io.outrider.app.cli;

import io.outrider.app.serve.Messages;
import io.outrider.app.serve.RedactionRules;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.redaction.Redactor;
import io.outrider.settings.RedactionSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure redaction on a text, beside a JSON parser that reads the same bytes.",
      "The text is what the tool of a server would return; JSON is taken as it is."
    })
final class RedactBenchCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--seconds", description = "How long to measure each; default: ${DEFAULT-VALUE}.")
  private int seconds = 2;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "Default: a made-up log of 64 KB.")
  private @Nullable Path file;

  RedactBenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// One thing that is measured.
  @FunctionalInterface
  private interface Work {
    void once();
  }

  @Override
  public Integer call() {
    byte[] message = message();
    long before = System.nanoTime();
    Redactor redactor;
    try {
      redactor = RedactionRules.load(RedactionSettings.defaults()).redactor();
    } catch (Unusable e) {
      throw new Fatal(String.join("\n", e.reasons()));
    }
    double compiled = (System.nanoTime() - before) / 1e6;
    int found = redactor.redact(message).findings().size();
    JsonFactory jackson = new JsonFactory();
    double walk = megabytes(message.length, () -> walk(jackson, message));
    double redaction = megabytes(message.length, () -> redactor.redact(message));
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "rules read and compiled in %.0f ms%n%d bytes, %d found%nredaction  %7.1f MB/s%nJackson    %7.1f MB/s  (ratio %.2f)%n",
            compiled,
            message.length,
            found,
            redaction,
            walk,
            redaction / walk);
    return ExitCode.FINE;
  }

  private byte[] message() {
    try {
      byte[] text =
          file == null
              ? "2026-01-01T10:00:00Z INFO auth - token accepted for user 4711, key rotated\n"
                  .repeat(850)
                  .getBytes(StandardCharsets.UTF_8)
              : Files.readAllBytes(terminal.resolve(file));
      boolean json = text.length > 0 && (text[0] == '{' || text[0] == '[');
      if (json) {
        return text;
      }
      String quoted =
          new String(
              JsonStringEncoder.getInstance()
                  .quoteAsCharArray(new String(text, StandardCharsets.UTF_8)));
      return ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""
              + quoted
              + "\"}]}}")
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private double megabytes(int size, Work work) {
    run(work);
    return size * run(work) / 1e6;
  }

  /// Times per second, over the time asked for.
  private double run(Work work) {
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    long times = 0;
    long now;
    do {
      work.once();
      times++;
      now = System.nanoTime();
    } while (now < end);
    return times * 1e9 / (now - start);
  }

  private static void walk(JsonFactory jackson, byte[] message) {
    try (JsonParser parser = jackson.createParser(ObjectReadContext.empty(), message)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isScalarValue()) {
          parser.getString();
        }
      }
    }
  }
}
