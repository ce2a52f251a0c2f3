package io.outrider.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskFileOpsTest {
  private final FileOps files = FileOps.real();

  /// A file whose flush is counted, and may fail.
  private static final class Counted implements FileOps.Handle {
    final AtomicInteger forced = new AtomicInteger();
    private final boolean broken;

    Counted(boolean broken) {
      this.broken = broken;
    }

    @Override
    public void force() throws IOException {
      forced.incrementAndGet();
      if (broken) {
        throw new IOException("Input/output error");
      }
    }

    @Override
    public void write(ByteBuffer source, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static List<Counted> handles(int count, int broken) {
    List<Counted> handles = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      handles.add(new Counted(i == broken));
    }
    return handles;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 11, 12, 48})
  void eachFileIsFlushedOnce(int count) throws Exception {
    List<Counted> handles = handles(count, -1);
    files.forceAll(List.copyOf(handles));
    assertThat(handles).allMatch(handle -> handle.forced.get() == 1);
  }

  @Test
  void oneFailureIsToldWhoeverMetIt() {
    for (int broken = 0; broken < 48; broken++) {
      List<Counted> handles = handles(48, broken);
      assertThatThrownBy(() -> files.forceAll(List.copyOf(handles)))
          .as("file %d", broken)
          .isInstanceOf(IOException.class)
          .hasMessage("Input/output error");
      assertThat(handles.get(broken).forced).hasValue(1);
    }
  }

  @Test
  void interruptedCallerStillWaitsForAll() throws Exception {
    List<Counted> handles = handles(48, -1);
    Thread.currentThread().interrupt();
    files.forceAll(List.copyOf(handles));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(handles).allMatch(handle -> handle.forced.get() == 1);
  }
}
