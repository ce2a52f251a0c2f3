package io.outrider.app.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;

/// Sets Logback up in code, found through `META-INF/services`: reading an XML file would cost a
/// tenth of the whole start.
///
/// `OUTRIDER_LOG` is the level (`error`, `warn`, `info`, `debug`, `trace`; default `info`);
/// `OUTRIDER_LOG_FORMAT=json` writes one JSON object a line.
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  /// Lines that may wait for whoever reads standard error. Beyond it lines are dropped: a desktop
  /// client that never reads the pipe must not stop calls.
  private static final int QUEUE = 4096;

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Map<String, String> environment = System.getenv();
    LineEncoder encoder =
        new LineEncoder("json".equalsIgnoreCase(environment.get("OUTRIDER_LOG_FORMAT")));
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(QUEUE);
    async.setDiscardingThreshold(0);
    async.setNeverBlock(true);
    async.addAppender(console);
    async.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(async);
    context
        .getLogger("io.outrider")
        .setLevel(Level.toLevel(environment.get("OUTRIDER_LOG"), Level.INFO));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
