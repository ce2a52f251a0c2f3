package io.outrider.audit.verify;

import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the records of one bundle say of themselves, as far as [Completeness] follows it: columns
/// of numbers, so that a bundle of 256 records needs a dozen objects and not thousands. Filled by
/// one thread, read by another later.
final class LeafFacts {
  /// Ids of calls are at most this long; what is longer is told apart by its hash.
  static final int MAX_CALL = 64;

  static final String INDETERMINATE = "indeterminate";

  /// Kind of a slot with no record, or with one that cannot be read.
  private static final byte NOTHING = -1;

  private final long seed;
  private final byte[] kinds;
  private final long[] monotonics;
  private final long[] intents;
  private final boolean[] indeterminates;
  private final long[] callHashes;
  private final int[] callEnds;
  private final short[] boots;
  private final @Nullable LeafScan[] parsed;
  private final List<String> bootNames = new ArrayList<>(1);
  private byte[] calls;
  private byte[] lastBoot = new byte[0];
  private int count;

  /// @param seed of the hashes of call ids
  LeafFacts(int capacity, long seed) {
    this.seed = seed;
    this.kinds = new byte[capacity];
    this.monotonics = new long[capacity];
    this.intents = new long[capacity];
    this.indeterminates = new boolean[capacity];
    this.callHashes = new long[capacity];
    this.callEnds = new int[capacity];
    this.boots = new short[capacity];
    this.parsed = new LeafScan[capacity];
    this.calls = new byte[capacity * 24];
  }

  int count() {
    return count;
  }

  /// The next slot has no record that can be read.
  void addNothing() {
    kinds[count] = NOTHING;
    end(0);
  }

  /// The next slot holds what was scanned last.
  void add(LeafScanner leaf, byte[] bytes) {
    kinds[count] = leaf.kind();
    monotonics[count] = leaf.monotonic();
    intents[count] = leaf.intent();
    indeterminates[count] = leaf.isOut(INDETERMINATE);
    boot(bytes, leaf.bootAt(), LeafScanner.BOOT);
    call(bytes, Math.max(leaf.callAt(), 0), leaf.callLength());
  }

  /// The next slot holds this record.
  void add(LeafScan scan) {
    Leaf leaf = scan.leaf();
    kinds[count] =
        switch (leaf.kind()) {
          case "intent" -> LeafScanner.INTENT;
          case "outcome" -> LeafScanner.OUTCOME;
          case "refusal" -> LeafScanner.REFUSAL;
          case "event" -> LeafScanner.EVENT;
          default -> LeafScanner.OTHER;
        };
    monotonics[count] = leaf.number("m").orElse(-1);
    intents[count] = leaf.number("intent").orElse(-1);
    indeterminates[count] = leaf.text("out").orElse("").equals(INDETERMINATE);
    byte[] boot = leaf.text("boot").orElse("").getBytes(StandardCharsets.UTF_8);
    boot(boot, 0, boot.length);
    byte[] call = leaf.text("call").orElse("").getBytes(StandardCharsets.UTF_8);
    if (call.length > MAX_CALL) {
      call = HexFormat.of().formatHex(Sha256.of(call)).getBytes(StandardCharsets.US_ASCII);
    }
    if (kinds[count] >= LeafScanner.EVENT) {
      parsed[count] = scan;
    }
    call(call, 0, call.length);
  }

  private void boot(byte[] bytes, int from, int length) {
    // Runs are long: nearly always it is the one of the record before.
    if (bootNames.isEmpty()
        || !Arrays.equals(bytes, from, from + length, lastBoot, 0, lastBoot.length)) {
      lastBoot = Arrays.copyOfRange(bytes, from, from + length);
      bootNames.add(new String(lastBoot, StandardCharsets.UTF_8));
    }
    boots[count] = (short) (bootNames.size() - 1);
  }

  private void call(byte[] bytes, int from, int length) {
    int start = callStart(count);
    if (calls.length < start + length) {
      calls = Arrays.copyOf(calls, Math.max(start + length, 2 * calls.length));
    }
    System.arraycopy(bytes, from, calls, start, length);
    callHashes[count] = OpenCalls.hash(seed, calls, start, length);
    end(length);
  }

  private void end(int callLength) {
    callEnds[count] = callStart(count) + callLength;
    count++;
  }

  boolean isThere(int slot) {
    return kinds[slot] != NOTHING;
  }

  byte kind(int slot) {
    return kinds[slot];
  }

  long monotonic(int slot) {
    return monotonics[slot];
  }

  /// Index of the intent an outcome belongs to; -1 if it is not said.
  long intent(int slot) {
    return intents[slot];
  }

  boolean isIndeterminate(int slot) {
    return indeterminates[slot];
  }

  String boot(int slot) {
    return bootNames.get(boots[slot]);
  }

  byte[] calls() {
    return calls;
  }

  int callStart(int slot) {
    return slot == 0 ? 0 : callEnds[slot - 1];
  }

  int callLength(int slot) {
    return callEnds[slot] - callStart(slot);
  }

  long callHash(int slot) {
    return callHashes[slot];
  }

  String call(int slot) {
    return new String(calls, callStart(slot), callLength(slot), StandardCharsets.UTF_8);
  }

  /// The record itself, of an event or of an unknown kind; null for those of calls.
  @Nullable LeafScan parsed(int slot) {
    return parsed[slot];
  }
}
