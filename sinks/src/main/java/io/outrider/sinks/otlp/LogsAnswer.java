package io.outrider.sinks.otlp;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// `ExportLogsServiceResponse` of OTLP 1.
///
/// @param rejected log records the receiver did not take
/// @param message why; may be a warning where none was rejected
record LogsAnswer(long rejected, String message) {

  /// Reads an answer; an empty one means that all were taken.
  ///
  /// @throws IllegalArgumentException if it is no such message
  static LogsAnswer parse(byte[] bytes) {
    try {
      long rejected = 0;
      String message = "";
      ByteBuffer in = ByteBuffer.wrap(bytes);
      while (in.hasRemaining()) {
        long tag = varint(in);
        if (tag == (1 << 3 | 2)) {
          ByteBuffer partial = slice(in);
          while (partial.hasRemaining()) {
            long inner = varint(partial);
            if (inner == 1 << 3) {
              rejected = varint(partial);
            } else if (inner == (2 << 3 | 2)) {
              message = StandardCharsets.UTF_8.decode(slice(partial)).toString();
            } else {
              skip(partial, inner);
            }
          }
        } else {
          skip(in, tag);
        }
      }
      return new LogsAnswer(rejected, message);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("answer: ends too early (expected: protobuf)", e);
    }
  }

  private static void skip(ByteBuffer in, long tag) {
    switch ((int) (tag & 7)) {
      case 0 -> varint(in);
      case 1 -> in.getLong();
      case 2 -> slice(in);
      case 5 -> in.getInt();
      default ->
          throw new IllegalArgumentException(
              "answer: wire type " + (tag & 7) + " (expected: protobuf)");
    }
  }

  private static ByteBuffer slice(ByteBuffer in) {
    long length = varint(in);
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer slice = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return slice;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "answer: a number of more than 64 bits (expected: protobuf)");
  }
}
