package io.outrider.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.TilePath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TreeTest {
  /// The leaves and roots every implementation of RFC 6962 is checked with.
  private static final String[] LEAVES = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f"
  };

  private static final String[] ROOTS = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
  };

  private final TreeHasher hasher = new TreeHasher();
  private final Proofs proofs = new Proofs();

  @Test
  void publishedTreesHaveTheirPublishedRoots() {
    RightEdge edge = new RightEdge();
    assertThat(HexFormat.of().formatHex(edge.root()))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (int i = 0; i < LEAVES.length; i++) {
      byte[] leaf = HexFormat.of().parseHex(LEAVES[i]);
      edge.append(leaf, 0, leaf.length);
      assertThat(HexFormat.of().formatHex(edge.root())).isEqualTo(ROOTS[i]);
    }
  }

  @Test
  void rightEdgeAgreesWithTheDefinitionAtEverySize() {
    byte[] hashes = hashes(700);
    RightEdge edge = new RightEdge();
    for (int size = 1; size <= 700; size++) {
      edge.appendHash(hashes, (size - 1) * TreeHasher.BYTES);
      assertThat(edge.root()).isEqualTo(hasher.root(hashes, 0, size));
    }
  }

  @Test
  void inclusionIsProvenForEveryLeafOfManySizes() throws Exception {
    byte[] hashes = hashes(1_100);
    for (int size : new int[] {1, 2, 3, 7, 8, 9, 255, 256, 257, 512, 1_000, 1_100}) {
      byte[] root = hasher.root(hashes, 0, size);
      assertThat(proofs.root(size, tiles(hashes, size))).isEqualTo(root);
      for (int index = 0; index < size; index += size > 300 ? 37 : 1) {
        byte[] leaf = hash(hashes, index);
        List<byte[]> path = proofs.inclusion(index, size, tiles(hashes, size));
        assertThat(proofs.includes(leaf, index, size, path, root)).isTrue();
        if (size > 1) {
          assertThat(proofs.includes(leaf, index == 0 ? 1 : index - 1, size, path, root)).isFalse();
          assertThat(proofs.includes(leaf, index, size, path.subList(1, path.size()), root))
              .isFalse();
          List<byte[]> longer = new ArrayList<>(path);
          longer.add(root);
          assertThat(proofs.includes(leaf, index, size, longer, root)).isFalse();
          List<byte[]> altered = new ArrayList<>(path);
          altered.set(0, altered.getFirst().clone());
          altered.getFirst()[3] ^= 4;
          assertThat(proofs.includes(leaf, index, size, altered, root)).isFalse();
        }
        assertThat(proofs.includes(leaf, size, size, path, root)).isFalse();
      }
    }
  }

  @Test
  void consistencyIsProvenBetweenAllSizes() throws Exception {
    byte[] hashes = hashes(300);
    for (int size = 1; size <= 300; size += size < 70 ? 1 : 23) {
      byte[] root = hasher.root(hashes, 0, size);
      for (int old = 1; old <= size; old++) {
        byte[] oldRoot = hasher.root(hashes, 0, old);
        List<byte[]> path = proofs.consistency(old, size, tiles(hashes, size));
        assertThat(proofs.consistent(old, oldRoot, size, root, path))
            .as("%s of %s", old, size)
            .isTrue();
        if (old < size) {
          assertThat(proofs.consistent(old, root, size, oldRoot, path)).isFalse();
          assertThat(proofs.consistent(old, oldRoot, size, root, path.subList(1, path.size())))
              .isFalse();
          assertThat(proofs.consistent(old, hash(hashes, 0), size, root, path) && old > 1)
              .isFalse();
        }
      }
    }
    assertThat(proofs.consistent(0, hasher.empty(), 5, hasher.root(hashes, 0, 5), List.of()))
        .isFalse();
  }

  private static TileReader tiles(byte[] hashes, int size) {
    TreeHasher hasher = new TreeHasher();
    return (level, index, width) -> {
      assertThat(width).isEqualTo(TilePath.width(level, index, size));
      int span = 1 << (8 * level);
      ByteArrayOutputStream tile = new ByteArrayOutputStream();
      for (int i = 0; i < width; i++) {
        tile.writeBytes(hasher.root(hashes, (int) (index * 256 + i) * span * 32, span));
      }
      return tile.toByteArray();
    };
  }

  private static byte[] hashes(int count) {
    byte[] hashes = new byte[count * TreeHasher.BYTES];
    Random random = new Random(7);
    random.nextBytes(hashes);
    for (int i = 0; i < count; i++) {
      System.arraycopy(
          Sha256.of(hash(hashes, i)), 0, hashes, i * TreeHasher.BYTES, TreeHasher.BYTES);
    }
    return hashes;
  }

  private static byte[] hash(byte[] hashes, int index) {
    return Arrays.copyOfRange(hashes, index * TreeHasher.BYTES, (index + 1) * TreeHasher.BYTES);
  }
}
