package io.outrider.benchmarks;

import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.jsonrpc.Reading;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One strict reading of one message: a call becomes a tree, a result is only walked through.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() before anything else
public class MessageReaderBenchmark {

  @Param({"small-call", "call-10KB", "result-600B", "result-10KB", "result-64KB"})
  String message;

  private MessageReader reader;
  private byte[] bytes;

  @Setup
  public void prepare() {
    reader = new MessageReader(Json.MAX_DEPTH);
    bytes =
        switch (message) {
          case "small-call" -> Messages.call();
          case "call-10KB" -> Messages.call(10_240, false);
          case "result-600B" -> Messages.result(600, false);
          case "result-10KB" -> Messages.result(10_240, false);
          case "result-64KB" -> Messages.result(65_536, false);
          default -> throw new IllegalArgumentException("message: " + message);
        };
    if (!(reader.read(bytes) instanceof Reading.Parsed)) {
      throw new IllegalStateException(message + " does not parse");
    }
  }

  @Benchmark
  public Reading read() {
    return reader.read(bytes);
  }
}
