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

  /// Bits of the hash: 32 kilobytes are in the nearest cache but one, and one place in thirty of
  /// random text passes.
  private static final int BITS = 18;

  /// Bits of a second hash, which is only asked where the first says yes: together they let little
  /// through that is no gram.
  private static final int SECOND_BITS = 16;

  private static final int SECOND_MIX = 0x165667b1;

  private static final int BUCKET_BITS = 13;

  /// Entries of a bucket that are copied whether they are there or not.
  private static final int COPIED = 4;

  /// Multipliers to choose from.
  private static final int[] MIXES = {0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f};

  /// What is looked at of a byte. It tells letters apart but not their case; that it takes other
  /// bytes for letters only costs a closer look.
  private static final long FOLD = 0x1f1f1f1f1f1f1f1fL;

  private static final int FOLDED = 32;

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
          + " collection exception transaction permission expression sion tion ment ness able ible ing ";

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

  private final long[] secondBits = new long[1 << SECOND_BITS - 6];

  /// Per bucket its first entry; it ends where the next begins.
  private final int[] buckets = new int[(1 << BUCKET_BITS) + 1];

  /// The number of a literal, and how far from its start a gram is, plus one, in the lowest bits.
  private final int[] entries;

  private static final int OFFSET_BITS = 5;

  /// Entries of the fullest bucket.
  private final int fullest;

  // While it is built: which gram it is, and the entry.
  private int[] grams = new int[256];
  private int[] unsorted = new int[256];
  private int places;

  private final Literal[] literals;

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

  /// @param literals ASCII, from [#LEAST] to [Literal#MOST] long, in lower case but for the last
  ///   letter: an upper-case one stands for itself alone. A literal's number is its index.
  /// @param aheads what must come after each literal for it to count
  public GramFilter(List<String> literals, List<Ahead> aheads) {
    this.aheads = aheads.toArray(new Ahead[0]);
    heads = new long[HEAD * literals.size()];
    for (int i = 0; i < frequent.length; i++) {
      frequent[i] = gram(FREQUENT, i, -1);
      int hash = frequent[i] * MIXES[0] >>> 32 - COUNT_BITS;
      counts[hash] += (byte) (counts[hash] < Byte.MAX_VALUE ? 1 : 0);
    }
    this.literals = new Literal[literals.size()];
    families = families(literals);
    familyAheads = this.aheads.clone();
    for (int i = 0; i < literals.size(); i++) {
      String l = literals.get(i);
      if (l.length() < LEAST) {
        throw new IllegalArgumentException(
            "literal " + l + " (expected: at least " + LEAST + " letters)");
      }
      this.literals[i] = new Literal(l);
      this.literals[i].writeHead(heads, HEAD * i);
      int[] family = families[i];
      if (family != null) {
        addRarest(l, i, 0);
        addRarest(l, i, 1);
        if (family.length > 1) {
          List<Ahead> members = new ArrayList<>();
          for (int member : family) {
            members.add(this.aheads[member]);
          }
          familyAheads[i] = Ahead.family(members, l);
        }
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
    entries = new int[places + COPIED];
    fullest = fill();
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

  /// Sorts the entries into buckets; gives the size of the fullest.
  private int fill() {
    int[] sizes = new int[1 << BUCKET_BITS];
    for (int place = 0; place < places; place++) {
      sizes[bucket(grams[place])]++;
      int hash = grams[place] * SECOND_MIX >>> 32 - SECOND_BITS;
      secondBits[hash >>> 6] |= 1L << hash;
    }
    int most = 0;
    for (int bucket = 0; bucket < sizes.length; bucket++) {
      buckets[bucket + 1] = buckets[bucket] + sizes[bucket];
      most = Math.max(most, sizes[bucket]);
      sizes[bucket] = buckets[bucket];
    }
    for (int place = 0; place < places; place++) {
      entries[sizes[bucket(grams[place])]++] = unsorted[place];
    }
    return most;
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

  /// Adds the rarest gram of a literal that begins at an even or odd distance from its start, and
  /// lies in it but for one byte if it is short.
  private void addRarest(String l, int number, int parity) {
    int least = Integer.MAX_VALUE;
    int best = 0;
    for (int from = -1; from <= l.length() - GRAM + 1; from++) {
      if ((from & 1) == parity) {
        boolean whole = from >= 0 && from + GRAM <= l.length();
        int cost = whole ? 0 : 64;
        // What is outside adds the same to the gram for each step of it.
        int gram = gram(l, from, 0);
        int step = gram(l, from, 1) - gram;
        for (int any = 0; any < (whole ? 1 : FOLDED); any++) {
          cost += 16 * counts[gram * MIXES[0] >>> 32 - COUNT_BITS];
          gram += step;
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
    if (best >= 0 && best + GRAM <= l.length()) {
      add(gram(l, best, -1), number, best);
    } else {
      for (int any = 0; any < FOLDED; any++) {
        add(gram(l, best, any), number, best);
      }
    }
  }

  /// The gram that begins at a place, with `any` for a byte outside of the text.
  private static int gram(String l, int at, int any) {
    int gram = 0;
    for (int k = 0; k < GRAM; k++) {
      boolean outside = at + k < 0 || at + k >= l.length();
      gram |= ((outside ? any : l.charAt(at + k)) & FOLDED - 1) << 8 * k;
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
    return literals[number].length();
  }

  /// Puts into `hits` every literal in `[from, to)` after which a match may go on, in the order of
  /// their ends and longer ones first. The text must have [#SLACK] bytes more, whatever they are.
  public void scan(byte[] text, int from, int to, Hits hits) {
    hits.clear(to - from);
    for (int at = from; at < to; at += 8 * BLOCK) {
      int words = filter(text, at, Math.min(to, at + 8 * BLOCK), hits.passed);
      if (words > 0) {
        look(text, from, places(text, hits.passed, words, hits.places), to, hits);
      }
    }
  }

  /// Collects the words in which a gram begins, without a branch that could be mispredicted.
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
      passed[count] = i;
      count +=
          (int) (t[a >>> 6] >>> a | t[b >>> 6] >>> b | t[c >>> 6] >>> c | t[d >>> 6] >>> d) & 1;
    }
    return count;
  }

  /// Collects the places in those words at which a gram begins, in the same way.
  private int places(byte[] text, int[] passed, int words, int[] places) {
    final long[] t = bits;
    final long[] s = secondBits;
    final int m = mix;
    int count = 0;
    for (int i = 0; i < words; i++) {
      int at = passed[i];
      long low = (long) LONGS.get(text, at) & FOLD;
      long high = (long) LONGS.get(text, at + 4) & FOLD;
      int a = (int) low * m >>> 32 - BITS;
      int b = (int) (low >>> 16) * m >>> 32 - BITS;
      int c = (int) high * m >>> 32 - BITS;
      int d = (int) (high >>> 16) * m >>> 32 - BITS;
      int e = (int) low * SECOND_MIX >>> 32 - SECOND_BITS;
      int f = (int) (low >>> 16) * SECOND_MIX >>> 32 - SECOND_BITS;
      int g = (int) high * SECOND_MIX >>> 32 - SECOND_BITS;
      int h = (int) (high >>> 16) * SECOND_MIX >>> 32 - SECOND_BITS;
      places[count] = at;
      count += (int) (t[a >>> 6] >>> a & s[e >>> 6] >>> e) & 1;
      places[count] = at + 2;
      count += (int) (t[b >>> 6] >>> b & s[f >>> 6] >>> f) & 1;
      places[count] = at + 4;
      count += (int) (t[c >>> 6] >>> c & s[g >>> 6] >>> g) & 1;
      places[count] = at + 6;
      count += (int) (t[d >>> 6] >>> d & s[h >>> 6] >>> h) & 1;
    }
    return count;
  }

  /// Looks at the literals of the grams at so many places, in steps each of which goes through all
  /// of them: what a step refuses is overwritten, not branched around.
  private void look(byte[] text, int from, int count, int to, Hits hits) {
    int room = hits.room(Math.max(fullest, COPIED));
    int size = 0;
    for (int i = 0; i < count; i++) {
      if (size > room) {
        check(text, from, size, to, hits);
        size = 0;
      }
      size = candidates(text, hits.places[i], hits, size);
    }
    check(text, from, size, to, hits);
  }

  /// Adds the literals of the gram at a place.
  private int candidates(byte[] text, int at, Hits hits, int size) {
    int bucket = bucket((int) ((long) LONGS.get(text, at) & FOLD));
    int first = buckets[bucket];
    int n = buckets[bucket + 1] - first;
    int[] ends = hits.candidateAt;
    int[] numbers = hits.candidates;
    for (int k = 0; k < COPIED; k++) {
      ends[size + k] = at;
      numbers[size + k] = entries[first + k];
    }
    for (int k = COPIED; k < n; k++) {
      ends[size + k] = at;
      numbers[size + k] = entries[first + k];
    }
    return size + n;
  }

  /// Keeps the candidates that are there, and after which a match may go on.
  private void check(byte[] text, int from, int size, int to, Hits hits) {
    int[] ends = hits.candidateAt;
    int[] numbers = hits.candidates;
    int there = 0;
    for (int i = 0; i < size; i++) {
      int entry = numbers[i];
      int number = entry >>> OFFSET_BITS;
      int start = ends[i] + 1 - (entry & (1 << OFFSET_BITS) - 1);
      int head = HEAD * number;
      long word =
          ((long) LONGS.get(text, Math.max(start, from)) | heads[head + 2]) & heads[head + 1];
      long differs = word ^ heads[head] | start - from >> 31;
      numbers[there] = number;
      ends[there] = start;
      there += (int) ((differs | -differs) >>> 63) ^ 1;
    }
    for (int i = 0; i < there; i++) {
      int number = numbers[i];
      int start = ends[i];
      if (familyAheads[number].allows(text, start + literals[number].length(), to)) {
        family(text, start, number, to, hits);
      }
    }
  }

  /// Adds the literals of a family that are there.
  private void family(byte[] text, int start, int first, int to, Hits hits) {
    int[] family = Objects.requireNonNull(families[first]);
    for (int number : family) {
      int end = start + literals[number].length();
      if (literals[number].isAt(text, start, to)
          && (family.length == 1 || aheads[number].allows(text, end, to))) {
        hits.add(end, number, this);
      }
    }
  }

  /// Where literals ended. Reusable, not thread-safe.
  public static final class Hits {
    private static final int KEEP = 1 << 14;

    /// Room for the candidates of one step.
    private static final int CANDIDATES = 1 << 9;

    private final int[] passed = new int[BLOCK + 1];
    private final int[] places = new int[4 * BLOCK + 1];
    private int[] candidateAt = new int[CANDIDATES];
    private int[] candidates = new int[CANDIDATES];
    private int[] ends = new int[256];
    private int[] literals = new int[256];
    private int size;

    /// How many candidates there may be for so many more to have room.
    private int room(int most) {
      if (candidates.length < 2 * most) {
        candidates = new int[2 * most];
        candidateAt = new int[2 * most];
      }
      return candidates.length - most;
    }

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

  /// Bits that are set, of all: how much of random text passes.
  double density() {
    int set = 0;
    for (long word : bits) {
      set += Long.bitCount(word);
    }
    return (double) set / (1 << BITS);
  }
}
