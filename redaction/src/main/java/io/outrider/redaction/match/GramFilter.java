package io.outrider.redaction.match;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds every occurrence of many literals, letters in either case, by looking at four bytes in
/// every other place of the text. Each literal is known by two such grams, one for either parity of
/// its place; a bit per hash of a gram says where to look closer. Immutable and thread-safe.
///
/// It reads a text faster than an automaton does, because no look-up waits for the one before. A
/// byte beyond ASCII is taken for the one with its high bit cleared, as in [LiteralAutomaton].
public final class GramFilter {
  /// Bytes that must be readable after the end of a text.
  public static final int SLACK = 16;

  /// The shortest literal: a byte less would make thousands of grams of each.
  public static final int LEAST = 3;

  private static final int GRAM = 4;

  /// Bits of the hash: 64 kilobytes are in the nearest cache but one, and one place in seventy of
  /// random text passes. Half of that let so much more through that it cost more.
  private static final int BITS = 19;

  private static final int BUCKET_BITS = 13;

  /// Multipliers to choose from.
  private static final int[] MIXES = {0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f};

  /// What is looked at of a byte. It tells letters apart but not their case; that it takes other
  /// bytes for letters only costs a closer look.
  private static final int FOLDED = 0x5f;

  private static final long FOLD = 0x0101010101010101L * FOLDED;

  /// Words of eight bytes that are filtered before the ones that pass are looked at.
  private static final int BLOCK = 256;

  /// Words that English texts, source code, logs and answers of programs are full of: a gram that
  /// is in one of them is a bad one.
  private static final String FREQUENT =
      " the of and to in is that for it as was with be by on not this are or from at which have an has"
          + " they you were their one all we can her his would there been if more when will out so what"
          + " up said about into than them only other new some could time these two may then do first any"
          + " like my now over such our even most me after also did many before must through years where"
          + " import public private class return static final string void null true false int boolean list"
          + " map new this throw throws exception override package assert equal value values name type"
          + " text test line file path code data user users message error result results request response"
          + " server client config default version string option options object content context method"
          + " function const let var export async await interface extends implements method build begin"
          + " policy policies session sessions session_count status index field fields format input output"
          + " count number start entry entries match order change update create created delete read write"
          + " info debug warn level http https host port body header headers json xml html url uri id ids"
          + " java python github com org io src main lib util utils array length size print println"
          + " description title state action event events service process record records example node"
          + " variable parameter argument key keys, get( set( put( add( .get .set .put .add .of( key( key)"
          + " (key (int (string list. list< ();\n {\n }\n }\n\n //  ///  the  * @param @return \": \", \n\n"
          + " ;\n    ;\n        ;\n  }\n    }\n  {\n    {\n      {\n  ,\n    ,\n  .\n  )\n   .  The . It \n\n  \n    \t\t\t \n\t\t"
          + " documentation information application operation position section version connection"
          + " collection exception transaction permission expression sion tion ment ness able ible ing"
          + " password passwd passphrase token secret session cookie bearer auth authorization"
          + " authentication private public client access account login admin credential api_key apikey ";

  /// Letters that are rare in such texts.
  private static final String RARE = "zqjxkvwybgKVWYBGZQJX0123456789";

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int COUNT_BITS = 15;

  /// The grams of [#FREQUENT], and about how often each comes, by its hash.
  private final int[] frequent = new int[FREQUENT.length() - GRAM + 1];

  private final byte[] counts = new byte[1 << COUNT_BITS];

  private final long[] bits;

  /// Multiplier of the hash, chosen so that few frequent grams pass by chance.
  private final int mix;

  /// Per bucket its first entry; it ends where the next begins.
  private final int[] buckets = new int[(1 << BUCKET_BITS) + 1];

  /// A gram, the number of a literal, and how far from its start the gram is, plus one, from the
  /// highest bits to the lowest.
  private final long[] entries;

  private static final int OFFSET_BITS = 5;

  // While it is built: which gram it is, and the entry.
  private int[] grams = new int[256];
  private int[] unsorted = new int[256];
  private int places;

  private final Literal[] literals;

  private final int[] lengths;

  /// The first eight letters of each literal: what must be equal, after which mask, after what was
  /// folded.
  private final long[] heads;

  private static final int HEAD = 3;

  /// What must come after each literal.
  private final Ahead[] aheads;

  /// Literals that begin with no other one: only their grams are looked for. Per such literal all
  /// that begin with it, itself included, and what must come after it for any of them.
  private final int[] @Nullable [] families;

  private final Ahead[] familyAheads;

  /// What is looked for.
  ///
  /// @param literal ASCII, from [#LEAST] to [Literal#MOST] long, in lower case but for the last
  ///   letter: an upper-case one stands for itself alone
  /// @param before what stands before it, unless it is the beginning of the text
  /// @param ahead what must come after it for it to count
  public record Sought(String literal, ByteSet before, Ahead ahead) {}

  /// @param sought a literal's number is its index
  public GramFilter(List<Sought> sought) {
    int n = sought.size();
    List<String> all = new ArrayList<>(n);
    literals = new Literal[n];
    lengths = new int[n];
    aheads = new Ahead[n];
    heads = new long[HEAD * n];
    for (int i = 0; i < n; i++) {
      String l = sought.get(i).literal;
      if (l.length() < LEAST) {
        throw new IllegalArgumentException(
            "literal " + l + " (expected: at least " + LEAST + " letters)");
      }
      all.add(l);
      literals[i] = new Literal(l);
      literals[i].writeHead(heads, HEAD * i);
      lengths[i] = l.length();
      aheads[i] = sought.get(i).ahead;
    }
    for (int i = 0; i < frequent.length; i++) {
      frequent[i] = gram(FREQUENT, i, 0);
      int hash = frequent[i] * MIXES[0] >>> 32 - COUNT_BITS;
      counts[hash] += (byte) (counts[hash] < Byte.MAX_VALUE ? 1 : 0);
    }
    families = families(all);
    familyAheads = aheads.clone();
    for (int i = 0; i < n; i++) {
      int[] family = families[i];
      if (family != null) {
        if (family.length > 1) {
          List<Ahead> members = new ArrayList<>();
          for (int member : family) {
            members.add(aheads[member]);
          }
          familyAheads[i] = Ahead.family(members, all.get(i));
        }
        addGrams(all.get(i), i, family, sought);
      }
    }
    int least = Integer.MAX_VALUE;
    int best = 0;
    long[] bestBits = {};
    for (int candidate : MIXES) {
      long[] marked = bits(candidate);
      int passing = 0;
      for (int gram : frequent) {
        int hash = gram * candidate >>> 32 - BITS;
        passing += (int) (marked[hash >>> 6] >>> hash) & 1;
      }
      if (passing < least) {
        least = passing;
        best = candidate;
        bestBits = marked;
      }
    }
    mix = best;
    bits = bestBits;
    entries = new long[places];
    fill();
    grams = new int[0];
    unsorted = new int[0];
  }

  private static int[][] families(List<String> literals) {
    Map<String, Integer> numbers = new HashMap<>(2 * literals.size());
    for (int i = 0; i < literals.size(); i++) {
      numbers.put(literals.get(i), i);
    }
    String[] sorted = literals.toArray(new String[0]);
    Arrays.sort(sorted);
    int[][] families = new int[sorted.length][];
    int at = 0;
    while (at < sorted.length) {
      int first = at++;
      while (at < sorted.length && sorted[at].startsWith(sorted[first])) {
        at++;
      }
      int[] family = new int[at - first];
      for (int i = 0; i < family.length; i++) {
        family[i] = Objects.requireNonNull(numbers.get(sorted[first + i]));
      }
      families[family[0]] = family;
    }
    return families;
  }

  /// Sorts the entries into buckets.
  private void fill() {
    int[] sizes = new int[1 << BUCKET_BITS];
    for (int place = 0; place < places; place++) {
      sizes[bucket(grams[place])]++;
    }
    for (int bucket = 0; bucket < sizes.length; bucket++) {
      buckets[bucket + 1] = buckets[bucket] + sizes[bucket];
      sizes[bucket] = buckets[bucket];
    }
    for (int place = 0; place < places; place++) {
      entries[sizes[bucket(grams[place])]++] = (long) grams[place] << 32 | unsorted[place];
    }
  }

  private int bucket(int gram) {
    return gram * mix >>> 32 - BUCKET_BITS;
  }

  /// The bits of all grams.
  private long[] bits(int multiplier) {
    long[] marked = new long[1 << BITS - 6];
    for (int place = 0; place < places; place++) {
      int hash = grams[place] * multiplier >>> 32 - BITS;
      marked[hash >>> 6] |= 1L << hash;
    }
    return marked;
  }

  /// Adds two grams of a literal, one for either parity of its place. A short one has no two that
  /// lie in it: then what stands before or after it for any of its family is in them as well.
  private void addGrams(String l, int number, int[] family, List<Sought> sought) {
    long before = 0;
    long after = 0;
    if (l.length() <= GRAM) {
      after = familyAheads[number].firsts().folded();
      for (int member : family) {
        before |= sought.get(member).before.folded();
      }
    }
    addRarest(l, number, 0, before, after);
    addRarest(l, number, 1, before, after);
  }

  /// Adds the rarest gram of a literal that begins at an even or odd distance from its start.
  private void addRarest(String l, int number, int parity, long before, long after) {
    int least = Integer.MAX_VALUE;
    int best = 0;
    int first = l.length() <= GRAM ? -1 : 0;
    int last = l.length() <= GRAM ? l.length() - GRAM + 1 : l.length() - GRAM;
    for (int from = first; from <= last; from++) {
      if ((from & 1) == parity) {
        int cost = 0;
        for (long any = outside(l, from, before, after); any != 0; any &= any - 1) {
          cost += 1 + 16 * counts[gram(l, from, any) * MIXES[0] >>> 32 - COUNT_BITS];
        }
        for (int k = Math.max(0, from); k < Math.min(l.length(), from + GRAM); k++) {
          cost += RARE.indexOf(l.charAt(k)) < 0 ? 1 : 0;
        }
        if (cost < least) {
          least = cost;
          best = from;
        }
      }
    }
    for (long any = outside(l, best, before, after); any != 0; any &= any - 1) {
      add(gram(l, best, any), number, best);
    }
  }

  /// What may stand at the place of a gram that is outside of the literal, as [ByteSet#folded]; one
  /// thing, whatever it is, if there is no such place.
  private static long outside(String l, int from, long before, long after) {
    return from < 0 ? before : from + GRAM > l.length() ? after : 1;
  }

  /// The gram that begins at a place, with the first member of a folded set for a byte outside of
  /// the text.
  private static int gram(String l, int at, long outside) {
    int member = Long.numberOfTrailingZeros(outside);
    int gram = 0;
    for (int k = 0; k < GRAM; k++) {
      boolean there = at + k >= 0 && at + k < l.length();
      int folded = there ? l.charAt(at + k) & FOLDED : member & 0x1f | (member & 0x20) << 1;
      gram |= folded << 8 * k;
    }
    return gram;
  }

  private void add(int gram, int number, int at) {
    if (places == grams.length) {
      grams = Arrays.copyOf(grams, 2 * places);
      unsorted = Arrays.copyOf(unsorted, 2 * places);
    }
    grams[places] = gram;
    unsorted[places++] = number << OFFSET_BITS | at + 1;
  }

  /// Length of a literal.
  public int length(int number) {
    return lengths[number];
  }

  /// Puts into `hits` every literal in `[from, to)` after which a match may go on, in the order of
  /// their ends and longer ones first. The text must have [#SLACK] bytes more, whatever they are.
  public void scan(byte[] text, int from, int to, Hits hits) {
    hits.clear(to - from);
    final int[] passed = hits.passed;
    for (int at = from; at < to; at += 8 * BLOCK) {
      int words = filter(text, at, Math.min(to, at + 8 * BLOCK), passed);
      for (int i = 0; i < words; i++) {
        look(text, from, at + (passed[i] >>> 4), passed[i] & 0xf, to, hits);
      }
    }
  }

  /// Collects the words in which a gram begins, without a branch that could be mispredicted: how
  /// far from the first each is, and a bit for each of the four places at which a gram may begin.
  private int filter(byte[] text, int from, int to, int[] passed) {
    final long[] t = bits;
    final int m = mix;
    int count = 0;
    for (int i = from; i < to; i += 8) {
      long low = (long) LONGS.get(text, i) & FOLD;
      long high = (long) LONGS.get(text, i + 4) & FOLD;
      int a = (int) low * m >>> 32 - BITS;
      int b = (int) (low >>> 16) * m >>> 32 - BITS;
      int c = (int) high * m >>> 32 - BITS;
      int d = (int) (high >>> 16) * m >>> 32 - BITS;
      int begin =
          ((int) (t[a >>> 6] >>> a) & 1)
              + 2 * ((int) (t[b >>> 6] >>> b) & 1)
              + 4 * ((int) (t[c >>> 6] >>> c) & 1)
              + 8 * ((int) (t[d >>> 6] >>> d) & 1);
      passed[count] = i - from << 4 | begin;
      count += begin + 15 >>> 4;
    }
    return count;
  }

  /// Looks at the literals of the grams in a word.
  private void look(byte[] text, int from, int word, int begin, int to, Hits hits) {
    for (int left = begin; left != 0; left &= left - 1) {
      int at = word + 2 * Integer.numberOfTrailingZeros(left);
      int gram = (int) ((long) LONGS.get(text, at) & FOLD);
      int bucket = bucket(gram);
      int last = buckets[bucket + 1];
      for (int k = buckets[bucket]; k < last; k++) {
        long entry = entries[k];
        if ((int) (entry >>> 32) == gram) {
          check(text, from, at, (int) entry, to, hits);
        }
      }
    }
  }

  /// Adds the literals of the family of an entry, if the first of them is there and a match may go
  /// on after it.
  private void check(byte[] text, int from, int at, int entry, int to, Hits hits) {
    int first = entry >>> OFFSET_BITS;
    int start = at + 1 - (entry & (1 << OFFSET_BITS) - 1);
    if (start < from
        || !isAt(text, start, first, to)
        || !familyAheads[first].allows(text, start + lengths[first], to)) {
      return;
    }
    int[] family = Objects.requireNonNull(families[first]);
    if (family.length == 1) {
      hits.add(start + lengths[first], first, this);
      return;
    }
    for (int number : family) {
      int end = start + lengths[number];
      if (isAt(text, start, number, to) && aheads[number].allows(text, end, to)) {
        hits.add(end, number, this);
      }
    }
  }

  private boolean isAt(byte[] text, int start, int number, int to) {
    int head = HEAD * number;
    return (((long) LONGS.get(text, start) | heads[head + 2]) & heads[head + 1]) == heads[head]
        && start + lengths[number] <= to
        && (lengths[number] <= Long.BYTES || literals[number].isAt(text, start, to));
  }

  /// Where literals ended. Reusable, not thread-safe.
  public static final class Hits {
    private static final int KEEP = 1 << 14;

    private final int[] passed = new int[BLOCK + 1];
    private int[] ends = new int[256];
    private int[] literals = new int[256];
    private int size;

    private void clear(int length) {
      size = 0;
      if (ends.length > Math.max(KEEP, length >>> 3)) {
        ends = new int[256];
        literals = new int[256];
      }
    }

    /// Keeps the order: a literal is found at one of its grams, so a few bytes out of turn.
    private void add(int end, int literal, GramFilter filter) {
      if (size == ends.length) {
        ends = Arrays.copyOf(ends, 2 * size);
        literals = Arrays.copyOf(literals, 2 * size);
      }
      int i = size++;
      while (i > 0
          && (ends[i - 1] > end
              || (ends[i - 1] == end && filter.length(literals[i - 1]) < filter.length(literal)))) {
        ends[i] = ends[i - 1];
        literals[i] = literals[i - 1];
        i--;
      }
      ends[i] = end;
      literals[i] = literal;
    }

    /// Number of hits.
    public int size() {
      return size;
    }

    /// One past the last byte of a literal.
    public int end(int i) {
      return ends[i];
    }

    /// The number of a literal.
    public int literal(int i) {
      return literals[i];
    }
  }
}
