package io.outrider.app.doctor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Whether the clock can be believed. Records are ordered without it, but a reviewer searches by
/// time.
final class ClockCheck {
  /// More than any step of a healthy clock while it is being disciplined.
  private static final Duration JUMP = Duration.ofMillis(250);

  private ClockCheck() {}

  /// What the kernel says of its clock.
  ///
  /// @param maximumError in microseconds
  record Kernel(boolean synchronised, long maximumError) {}

  /// @param began wall clock at the start of the examination
  /// @param elapsed monotonic time since
  /// @param lastRecord time of the checkpoint file; the clock should not lie before it
  static Finding judge(
      Instant began,
      Instant ended,
      Duration elapsed,
      Optional<Instant> lastRecord,
      Optional<Kernel> kernel) {
    String name = "clock";
    Duration jump = Duration.between(began, ended).minus(elapsed).abs();
    if (jump.compareTo(JUMP) > 0) {
      return Finding.warn(
          name,
          "jumped by " + jump.toMillis() + " ms while this ran",
          "let one time service discipline it, by slewing; clock records mark each jump");
    }
    if (lastRecord.filter(ended::isBefore).isPresent()) {
      return Finding.warn(
          name,
          "it is " + ended + ", before the last checkpoint at " + lastRecord.get(),
          "set the clock; records since then carry times that fall");
    }
    if (kernel.isEmpty()) {
      return Finding.warn(
          name,
          "whether it is synchronised cannot be told on this system",
          "see that a time service such as chrony runs");
    }
    return kernel.get().synchronised()
        ? Finding.ok(
            name,
            String.format(
                Locale.ROOT,
                "synchronised, maximum error %.1f ms",
                kernel.get().maximumError() / 1e3))
        : Finding.warn(
            name,
            "not synchronised, says the kernel",
            "run a time service such as chrony; a virtual machine may have its host's clock");
  }

  /// Asks the kernel with adjtimex(2), which needs no rights as long as it changes nothing; empty
  /// on other systems.
  @SuppressWarnings("restricted") // the launcher grants native access; where it is missing, this is
  // empty
  static Optional<Kernel> kernel() {
    if (!"Linux".equals(System.getProperty("os.name"))
        || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
      return Optional.empty();
    }
    try (Arena memory = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      SymbolLookup libc = linker.defaultLookup();
      Optional<MemorySegment> symbol = libc.find("adjtimex");
      if (symbol.isEmpty()) {
        return Optional.empty();
      }
      MethodHandle adjtimex =
          linker.downcallHandle(
              symbol.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
      MemorySegment timex = memory.allocate(TIMEX_BYTES, Long.BYTES);
      int state = (int) adjtimex.invokeExact(timex);
      if (state < 0) {
        return Optional.empty();
      }
      int status = timex.get(ValueLayout.JAVA_INT, STATUS);
      return Optional.of(
          new Kernel(
              (status & UNSYNCHRONISED) == 0, timex.get(ValueLayout.JAVA_LONG, MAXIMUM_ERROR)));
    } catch (Throwable e) {
      // A method handle may throw anything; without native access the JVM refuses. Then nothing can
      // be told.
      return Optional.empty();
    }
  }

  /// `struct timex` with 64-bit longs is 208 bytes long.
  private static final long TIMEX_BYTES = 256;

  private static final long MAXIMUM_ERROR = 24;
  private static final long STATUS = 40;
  private static final int UNSYNCHRONISED = 0x40;
}
