package io.outrider.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineEncoderTest {
  // The shape of a GitHub token, put together here so that no scanner takes this file for a leak.
  private static final String TOKEN = "ghp" + "_0123456789abcdefghijABCDEFGHIJ012345";

  private final LoggerContext context = new LoggerContext();
  private final Logger log = context.getLogger("io.outrider.test");
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  @BeforeEach
  void listen() {
    events.start();
    log.addAppender(events);
    log.setLevel(Level.TRACE);
  }

  private String line(boolean json) {
    return new String(new LineEncoder(json).encode(events.list.getLast()), StandardCharsets.UTF_8);
  }

  @Test
  void aLineIsTimeLevelSentenceKeys() {
    log.atInfo()
        .addKeyValue("upstream", "files")
        .addKeyValue("reason", "two words")
        .log("upstream recovered");

    assertThat(line(false))
        .matches("\\S+Z info  upstream recovered upstream=files reason=\"two words\"\n");
  }

  @Test
  void aSecretNeverReachesTheLog() {
    log.atWarn()
        .setCause(new IllegalStateException("bad " + TOKEN))
        .addKeyValue("stderr", "token " + TOKEN)
        .log("server said {}", TOKEN);

    assertThat(line(false)).contains("server said").doesNotContain(TOKEN);
    assertThat(line(true)).contains("server said").doesNotContain(TOKEN);
  }

  @Test
  void aServersTextCannotStartALineOfItsOwn() {
    log.atInfo().addKeyValue("stderr", "a\n2026 error forged\u001b[2J").log("server wrote\nmore");

    assertThat(line(false).strip())
        .doesNotContain("\n", "\u001b")
        .contains("\\n2026 error forged\\u001b");
    assertThat(line(true).strip()).doesNotContain("\n", "\u001b");
  }

  @Test
  void aWarningHasItsCauseInOneLineAndAnErrorItsStack() {
    log.atWarn().setCause(new IllegalStateException("why")).log("odd");
    assertThat(line(false).lines())
        .hasSize(1)
        .allSatisfy(l -> assertThat(l).contains("cause=\"IllegalStateException: why\""));

    log.atError().setCause(new IllegalStateException("why")).log("wrong");
    assertThat(line(false).lines().toList()).hasSizeGreaterThan(2);
  }

  @Test
  void jsonLinesAreObjectsWithNumbersAsNumbers() {
    log.atInfo().addKeyValue("port", 80).addKeyValue("path", "a\"b").log("listening");

    assertThat(line(true))
        .contains("\"message\":\"listening\"", "\"port\":80", "\"path\":\"a\\\"b\"")
        .startsWith("{")
        .endsWith("}\n");
  }

  @Test
  void aRedactorThatFailsWithholdsTheLine() {
    try {
      LogRedaction.use(text -> {
        throw new IllegalStateException(text);
      });
      log.info("hello {}", TOKEN);

      assertThat(List.of(line(false)))
          .allSatisfy(l -> assertThat(l).contains("withheld").doesNotContain(TOKEN, "hello"));
    } finally {
      LogRedaction.reset();
    }
  }
}
