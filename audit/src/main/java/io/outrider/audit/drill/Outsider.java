package io.outrider.audit.drill;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.SignerKey;
import io.outrider.audit.format.TilePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What somebody can do who can write to the folder and has not the key, from a flipped bit to a
/// tree that was computed anew.
final class Outsider {
  private static final String ONE = "a record";
  private static final String TWO = "two records";

  private Outsider() {}

  static List<Tampering> all() {
    return List.of(
        outsider("record-bit", ONE, Outsider::recordBit),
        outsider("record-reworded", ONE, Outsider::reworded),
        outsider("record-removed", ONE, Outsider::removed),
        outsider("record-inserted", TWO, Outsider::inserted),
        outsider("record-repeated", TWO, Outsider::repeated),
        outsider("records-swapped", "two records in one bundle", Outsider::swapped),
        outsider("bundle-deleted", ONE, Outsider::bundleDeleted),
        outsider("bundle-cut", ONE, Outsider::bundleCut),
        outsider("bundles-swapped", "two bundles", Outsider::bundlesSwapped),
        outsider("tile-bit", ONE, Outsider::tileBit),
        outsider("upper-tile-bit", "a full tile", Outsider::upperTileBit),
        outsider("tile-deleted", ONE, Outsider::tileDeleted),
        outsider("tail-cut", TWO, Outsider::tailCut),
        outsider("checkpoint-root", ONE, Outsider::checkpointRoot),
        outsider("checkpoint-size", ONE, Outsider::checkpointSize),
        outsider("checkpoint-signature", ONE, Outsider::checkpointSignature),
        outsider("checkpoint-deleted", ONE, Outsider::checkpointDeleted),
        outsider("key-replaced", ONE, Outsider::keyReplaced),
        outsider("value-changed", "a value kept beside a full bundle", Outsider::valueChanged),
        outsider("policy-changed", "a policy kept in the folder", Outsider::policyChanged));
  }

  private static Tampering outsider(String name, String needs, Tampering.Act act) {
    return new Tampering(name, false, needs, act);
  }

  private static Optional<Tampered> recordBit(Specimen log, RandomGenerator random) {
    int index = log.any(random);
    if (index < 0) {
      return Optional.empty();
    }
    String path = bundle(log, index);
    byte[] bundle = log.log().file(path).clone();
    int at = offset(bundle, index % TilePath.WIDTH) + Short.BYTES;
    int bit = random.nextInt(log.line(index).getBytes(StandardCharsets.UTF_8).length * Byte.SIZE);
    flip(bundle, at * Byte.SIZE + bit);
    return Tampered.of(
        "flip bit " + bit + " of record " + index, log, log.log().with(path, bundle));
  }

  private static Optional<Tampered> reworded(Specimen log, RandomGenerator random) {
    int index = log.any(random);
    return index < 0
        ? Optional.empty()
        : Tampered.of(
            "reword record " + index + ", compute all tiles anew",
            log,
            forged(log, log.replaced(index, Lines.reworded(log.line(index)))));
  }

  private static Optional<Tampered> removed(Specimen log, RandomGenerator random) {
    int index = log.any(random);
    if (index < 0) {
      return Optional.empty();
    }
    List<Entry> rest = new ArrayList<>(log.entries());
    rest.remove(index);
    return Tampered.of(
        "remove record " + index + ", compute all tiles anew", log, forged(log, rest));
  }

  /// A record with another behind it: what is added behind the last is not under the checkpoint, so
  /// nothing would have been done to what it covers.
  private static int beforeTheLast(Specimen log, RandomGenerator random) {
    return log.any(random, 0, i -> i < log.size() - 1);
  }

  private static Optional<Tampered> inserted(Specimen log, RandomGenerator random) {
    int index = beforeTheLast(log, random);
    if (index < 0) {
      return Optional.empty();
    }
    List<Entry> more = new ArrayList<>(log.entries());
    String line = Lines.atIndex(Lines.reworded(log.line(index)), index + 1L);
    more.add(index + 1, Entry.of(line.getBytes(StandardCharsets.UTF_8), new byte[0]));
    return Tampered.of(
        "insert a forged record after " + index + ", compute all tiles anew",
        log,
        forged(log, more));
  }

  private static Optional<Tampered> repeated(Specimen log, RandomGenerator random) {
    int index = beforeTheLast(log, random);
    if (index < 0) {
      return Optional.empty();
    }
    List<Entry> more = new ArrayList<>(log.entries());
    more.add(index, more.get(index));
    return Tampered.of(
        "write record " + index + " twice, compute all tiles anew", log, forged(log, more));
  }

  private static Optional<Tampered> swapped(Specimen log, RandomGenerator random) {
    int index = log.any(random, 1, i -> true);
    if (index % TilePath.WIDTH == 0) {
      index++;
    }
    if (index < 1 || index >= log.size() || !log.isThere(index - 1)) {
      return Optional.empty();
    }
    List<Entry> changed = new ArrayList<>(log.entries());
    changed.set(index, log.entries().get(index - 1));
    changed.set(index - 1, log.entries().get(index));
    String path = bundle(log, index);
    byte[] bundle = forged(log, changed).file(path);
    return Tampered.of(
        "swap records " + (index - 1) + " and " + index, log, log.log().with(path, bundle));
  }

  private static Optional<Tampered> bundleDeleted(Specimen log, RandomGenerator random) {
    int index = log.any(random);
    return index < 0
        ? Optional.empty()
        : Tampered.of("delete " + bundle(log, index), log, log.log().without(bundle(log, index)));
  }

  private static Optional<Tampered> bundleCut(Specimen log, RandomGenerator random) {
    int index = log.any(random);
    if (index < 0) {
      return Optional.empty();
    }
    String path = bundle(log, index);
    byte[] bundle = log.log().file(path);
    int length = random.nextInt(bundle.length);
    return Tampered.of(
        "cut " + path + " to " + length + " of " + bundle.length + " bytes",
        log,
        log.log().with(path, Arrays.copyOf(bundle, length)));
  }

  private static Optional<Tampered> bundlesSwapped(Specimen log, RandomGenerator random) {
    List<String> paths = log.log().paths("tile/entries/");
    if (paths.size() < 2) {
      return Optional.empty();
    }
    int first = random.nextInt(paths.size() - 1);
    String one = paths.get(first);
    String other = paths.get(first + 1);
    return Tampered.of(
        "swap " + one + " and " + other,
        log,
        log.log().with(one, log.log().file(other)).with(other, log.log().file(one)));
  }

  private static Optional<Tampered> tileBit(Specimen log, RandomGenerator random) {
    return bitOfTile(log, "tile/0/", random);
  }

  private static Optional<Tampered> upperTileBit(Specimen log, RandomGenerator random) {
    return bitOfTile(log, "tile/1/", random);
  }

  private static Optional<Tampered> bitOfTile(Specimen log, String prefix, RandomGenerator random) {
    List<String> paths = log.log().paths(prefix);
    if (paths.isEmpty()) {
      return Optional.empty();
    }
    String path = paths.get(random.nextInt(paths.size()));
    byte[] tile = log.log().file(path).clone();
    int bit = random.nextInt(tile.length * Byte.SIZE);
    flip(tile, bit);
    return Tampered.of("flip bit " + bit + " of " + path, log, log.log().with(path, tile));
  }

  private static Optional<Tampered> tileDeleted(Specimen log, RandomGenerator random) {
    List<String> paths = log.log().paths("tile/0/");
    if (paths.isEmpty()) {
      return Optional.empty();
    }
    String path = paths.get(random.nextInt(paths.size()));
    return Tampered.of("delete " + path, log, log.log().without(path));
  }

  private static Optional<Tampered> tailCut(Specimen log, RandomGenerator random) {
    if (log.size() < 2) {
      return Optional.empty();
    }
    int left = 1 + random.nextInt((int) Math.min(log.size() - 1, Integer.MAX_VALUE));
    MemoryLog cut =
        Tree.in(log.log(), log.entries().subList(0, left), left).without(Specimen.JOURNAL);
    return Tampered.of("cut off all records from " + left + " on, and the journal", log, cut);
  }

  private static Optional<Tampered> checkpointRoot(Specimen log, RandomGenerator random) {
    byte[] root = log.checkpoint().root();
    flip(root, random.nextInt(root.length * Byte.SIZE));
    return Tampered.of(
        "put another root into the checkpoint",
        log,
        claiming(log, new Checkpoint(log.checkpoint().origin(), log.size(), root)));
  }

  private static Optional<Tampered> checkpointSize(Specimen log, RandomGenerator random) {
    if (log.size() < 1) {
      return Optional.empty();
    }
    int size = random.nextInt((int) Math.min(log.size(), Integer.MAX_VALUE));
    List<Entry> entries = log.entries().subList(0, size);
    return Tampered.of(
        "write into the checkpoint that there are only " + size + " records",
        log,
        claiming(log, new Checkpoint(log.checkpoint().origin(), size, Tree.root(entries))));
  }

  /// The old signature under another text.
  private static MemoryLog claiming(Specimen log, Checkpoint claim) {
    String[] parts = new String(log.note(), StandardCharsets.UTF_8).split("\n\n", 2);
    byte[] note = (claim.text() + "\n" + parts[1]).getBytes(StandardCharsets.UTF_8);
    return noted(log, note);
  }

  private static MemoryLog noted(Specimen log, byte[] note) {
    MemoryLog changed = log.log().with(Specimen.CHECKPOINT, note);
    return log.log().has(Specimen.SIGNED) ? changed.with(Specimen.SIGNED, note) : changed;
  }

  private static Optional<Tampered> checkpointSignature(Specimen log, RandomGenerator random)
      throws FormatException {
    SignedNote note = SignedNote.parse(log.note());
    List<SignedNote.Signature> signatures = new ArrayList<>(note.signatures());
    for (int i = 0; i < signatures.size(); i++) {
      SignedNote.Signature signature = signatures.get(i);
      if (signature.keyId() == log.key().id() && signature.name().equals(log.key().name())) {
        byte[] bytes = signature.bytes().clone();
        flip(bytes, random.nextInt(bytes.length * Byte.SIZE));
        signatures.set(i, new SignedNote.Signature(signature.name(), signature.keyId(), bytes));
      }
    }
    return Tampered.of(
        "flip one bit of the signature",
        log,
        noted(log, new SignedNote(note.text(), signatures).bytes()));
  }

  private static Optional<Tampered> checkpointDeleted(Specimen log, RandomGenerator random) {
    return Tampered.of(
        "delete the checkpoint",
        log,
        log.log().without(Specimen.CHECKPOINT).without(Specimen.SIGNED));
  }

  private static Optional<Tampered> keyReplaced(Specimen log, RandomGenerator random) {
    int index = log.any(random);
    if (index < 0) {
      return Optional.empty();
    }
    SignerKey own = SignerKey.generate(log.key().name());
    Specimen forged = log.signed(own, log.replaced(index, Lines.reworded(log.line(index))));
    return Tampered.of(
        "reword record " + index + ", sign everything with another key of the same name",
        log,
        forged.log());
  }

  private static Optional<Tampered> valueChanged(Specimen log, RandomGenerator random) {
    int full = (int) (log.size() / TilePath.WIDTH) * TilePath.WIDTH;
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < full; i++) {
      if (log.entries().get(i).annex().length > 0) {
        kept.add(i);
      }
    }
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    int index = kept.get(random.nextInt(kept.size()));
    Entry entry = log.entries().get(index);
    byte[] annex = entry.annex().clone();
    // The last byte belongs to a value, not to its name.
    flip(annex, annex.length * Byte.SIZE - 1 - random.nextInt(Byte.SIZE));
    List<Entry> changed = new ArrayList<>(log.entries());
    changed.set(index, new Entry(entry.leaf(), entry.hash(), annex));
    String path = TilePath.sealed(index / TilePath.WIDTH);
    return Tampered.of(
        "change a value that record " + index + " committed to",
        log,
        log.log().with(path, forged(log, changed).file(path)));
  }

  private static Optional<Tampered> policyChanged(Specimen log, RandomGenerator random) {
    // Only a policy that an event brought into force is one the log speaks of.
    for (String path : log.log().paths("policy/")) {
      String digest = path.substring("policy/".length());
      int named =
          log.any(
              random,
              0,
              i -> log.line(i).contains("policy_digest") && log.line(i).contains(digest));
      byte[] content = log.log().file(path).clone();
      if (named >= 0 && content.length > 0) {
        flip(content, random.nextInt(content.length * Byte.SIZE));
        return Tampered.of(
            "flip one bit of the policy kept as " + SHORT.formatted(digest),
            log,
            log.log().with(path, content));
      }
    }
    return Optional.empty();
  }

  private static final String SHORT = "%.12s";

  /// All files of the tree over `entries`, under the checkpoint there was.
  private static MemoryLog forged(Specimen log, List<Entry> entries) {
    return Tree.in(log.log(), entries, log.size());
  }

  private static String bundle(Specimen log, int index) {
    int bundle = index / TilePath.WIDTH;
    return TilePath.entries(bundle, TilePath.width(0, bundle, log.size()));
  }

  /// Where a record begins in its bundle.
  private static int offset(byte[] bundle, int slot) {
    int at = 0;
    for (int i = 0; i < slot; i++) {
      at += Short.BYTES + ((bundle[at] & 0xff) << Byte.SIZE | bundle[at + 1] & 0xff);
    }
    return at;
  }

  static void flip(byte[] bytes, int bit) {
    bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
  }
}
