package io.outrider.e2e;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import tools.jackson.databind.JsonNode;

/// What one receiver got of the log: whether records came in order and at least once, whether one
/// that came again was the same, and the root hash of all of them, by RFC 6962 and with code of its
/// own, to be compared with a signed checkpoint. Keeps eight bytes of a record. Thread-safe.
final class SoakCopy {
  private long[] seen = new long[1 << 16];
  private long next;
  private long repeated;
  private String wrong = "";
  private final Deque<byte[]> edge = new ArrayDeque<>();
  private final BitSet allowed = new BitSet();
  private final MessageDigest sha = sha256();

  /// Takes one record, a line of JSON.
  synchronized void take(byte[] line) {
    JsonNode record = Json.parse(new String(line, StandardCharsets.UTF_8));
    long index = record.path("i").longValue(-1);
    byte[] leaf = hash((byte) 0, line, new byte[0]);
    long head = ByteBuffer.wrap(leaf).getLong();
    if (index < 0) {
      fault("no record: " + record);
    } else if (index > next) {
      fault("record " + index + " came where " + next + " was due");
    } else if (index < next) {
      repeated++;
      if (seen[(int) index] != head) {
        fault("record " + index + " came again and is another");
      }
    } else {
      append(leaf, head);
      if (record.path("k").stringValue("").equals("intent")) {
        int call = SoakLoad.number(record.path("tool").stringValue(""));
        if (call >= 0) {
          allowed.set(call);
        }
      }
    }
  }

  private void append(byte[] leaf, long head) {
    if (next == seen.length) {
      seen = Arrays.copyOf(seen, seen.length * 2);
    }
    seen[(int) next] = head;
    byte[] node = leaf;
    for (long size = next; (size & 1) == 1; size >>= 1) {
      node = hash((byte) 1, edge.removeLast(), node);
    }
    edge.addLast(node);
    next++;
  }

  private void fault(String what) {
    if (wrong.isEmpty()) {
      wrong = what;
    }
  }

  /// The first thing that was wrong, or nothing.
  synchronized String wrong() {
    return wrong;
  }

  synchronized long size() {
    return next;
  }

  synchronized long repeated() {
    return repeated;
  }

  /// Numbers of the calls whose intent is here.
  synchronized BitSet allowed() {
    return (BitSet) allowed.clone();
  }

  /// The root hash of everything so far.
  synchronized byte[] root() {
    byte[] root = null;
    for (var nodes = edge.descendingIterator(); nodes.hasNext(); ) {
      byte[] node = nodes.next();
      root = root == null ? node : hash((byte) 1, node, root);
    }
    return root == null ? sha.digest() : root;
  }

  private byte[] hash(byte prefix, byte[] left, byte[] right) {
    sha.update(prefix);
    sha.update(left);
    return sha.digest(right);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
