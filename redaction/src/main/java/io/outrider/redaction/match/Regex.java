package io.outrider.redaction.match;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A regular expression over bytes, in Go's syntax, matched in time linear in the text. Immutable
/// and thread-safe; the machinery is built when the first text needs it.
public final class Regex {
  private final String pattern;
  private final Node root;
  private final int groups;
  private final boolean asksForEnd;
  private volatile @Nullable Machine machine;
  private volatile @Nullable LazyDfa searcher;
  private volatile @Nullable LazyDfa looseSearcher;

  /// -1 until somebody asks.
  private int maxBytes = -1;

  /// Whether every match has a group that is not empty; null until somebody asks.
  private @Nullable Boolean groupSure;

  private Regex(String pattern, Node root, int groups) {
    this.pattern = pattern;
    this.root = root;
    this.groups = groups;
    this.asksForEnd = root.asksForEnd();
  }

  private record Machine(Program program, LazyDfa dfa) {}

  /// Reads a pattern.
  ///
  /// @throws RegexSyntaxException when the syntax is not Go's, or the pattern is too large
  public static Regex compile(String pattern) throws RegexSyntaxException {
    RegexParser.Parsed parsed = RegexParser.parse(pattern);
    Program.requireSize(parsed.root());
    return new Regex(pattern, parsed.root(), parsed.groups());
  }

  /// The same without what may stand before its first necessary part, such as the `[\w.-]{0,50}?`
  /// in front of a keyword. A group's text is found all the same, from a start that a literal can
  /// name. Gives this expression when there is no such part, or no group.
  public Regex withoutOptionalStart() {
    if (groups == 0 || !(root instanceof Node.Cat(List<Node> parts))) {
      return this;
    }
    int skip = 0;
    while (skip < parts.size() - 1
        && parts.get(skip) instanceof Node.Repeat r
        && r.min() == 0
        && !r.hasGroup()) {
      skip++;
    }
    return skip == 0
        ? this
        : new Regex(pattern, new Node.Cat(parts.subList(skip, parts.size())), groups);
  }

  /// Literals that lie in every match; read out of the tree at each call.
  public Anchors anchors() {
    return Anchors.of(root);
  }

  /// Whether the end of the text makes a difference to it.
  public boolean asksForEnd() {
    return asksForEnd;
  }

  /// Number of capturing groups.
  public int groups() {
    return groups;
  }

  /// The pattern as it was written.
  public String pattern() {
    return pattern;
  }

  /// Most bytes a match can have; `Integer.MAX_VALUE` when there is no limit.
  public int maxBytes() {
    int known = maxBytes;
    if (known < 0) {
      known = root.maxBytes();
      maxBytes = known;
    }
    return known;
  }

  /// Whether a match starts at `at`: the position at which that is certain, or `-1 - position` when
  /// it is certain that none does.
  ///
  /// @param begin where the text begins, for assertions and word edges
  /// @param end where the text ends
  public int matchesAt(byte[] text, int begin, int at, int end) {
    return machine().dfa.run(text, begin, at, end);
  }

  /// The same for a place at which a literal stands that the expression begins with: the entry
  /// remembers what comes after it. An entry must always be used with one expression.
  public int matchesAt(byte[] text, int begin, int at, int end, Entry entry) {
    return machine().dfa.run(text, begin, at, end, entry.steps);
  }

  /// A literal that an expression begins with.
  public static final class Entry {
    private final LazyDfa.Entry steps;

    public Entry(String literal) {
      steps = new LazyDfa.Entry(literal);
    }
  }

  /// The same for one of many places in a text that asks for it again and again: the trail, which
  /// must be of this expression and this text, makes them cost little more than one.
  public int matchesAt(byte[] text, int begin, int at, int end, Trail trail) {
    return machine().dfa.run(text, begin, at, end, trail.steps);
  }

  /// What earlier calls did.
  public static final class Trail {
    private final LazyDfa.Trail steps = new LazyDfa.Trail();

    /// Begins with a text in `[begin, end)`.
    public Trail(int begin, int end) {
      steps.clear(begin, end);
    }
  }

  /// Whether a match lies anywhere in `[at, end)`: a position at or before the end of the first to
  /// end, or a negative number.
  public int find(byte[] text, int begin, int at, int end) {
    LazyDfa known = searcher;
    if (known == null) {
      known = new LazyDfa(machine().program, true);
      searcher = known;
    }
    return known.run(text, begin, at, end);
  }

  /// Whether a match may lie anywhere in `[at, end)`, as [#find] tells, but a quote may be the end
  /// of the text as well.
  public int mayFind(byte[] text, int begin, int at, int end) {
    if (!asksForEnd) {
      return find(text, begin, at, end);
    }
    LazyDfa known = looseSearcher;
    if (known == null) {
      known = new LazyDfa(machine().program, true, true);
      looseSearcher = known;
    }
    return known.run(text, begin, at, end);
  }

  /// Start and end of every group of the match that starts at `at`, or null. The array is the
  /// scratch's.
  public int @Nullable [] captureAt(byte[] text, int begin, int at, int end, Scratch scratch) {
    Program program = machine().program;
    int[] groups = scratch.quick.match(program, text, begin, at, end);
    return scratch.quick.gaveUp() ? scratch.vm.match(program, text, begin, at, end, false) : groups;
  }

  /// Start and end of every group of the first match in `[at, end)`, or null. The array is the
  /// scratch's.
  public int @Nullable [] captureFirst(byte[] text, int begin, int at, int end, Scratch scratch) {
    return scratch.vm.match(machine().program, text, begin, at, end, true);
  }

  /// Where the secret of a match may begin at the earliest that starts at `at` and needs more text
  /// than there is: `end` when it has not begun in any way to go on, -1 when there is no such way.
  /// `at` when that takes more than so many steps.
  ///
  /// @param group the group that is the secret; 0 for the first that is not empty, or else the
  ///   whole match
  public int secretFrom(byte[] text, int at, int end, int group, int limit, Scratch scratch) {
    boolean always = group == 0 && !isGroupSure();
    int from = scratch.unfinished.groupFrom(machine().program, text, at, end, group, always, limit);
    return from == Unfinished.UNKNOWN ? at : from;
  }

  /// Whether the secret begins where the match does.
  ///
  /// @param group the group that is the secret; 0 for the first that is not empty, or else the
  ///   whole match
  public boolean beginsWithSecret(int group) {
    int first = root.firstGroup();
    return first > 0 ? group == 0 || group == first : group == 0 && groups == 0;
  }

  /// Fewest bytes from the start of a match to its secret, as far as can be told.
  public int minBeforeSecret() {
    return isGroupSure() ? root.minBeforeGroup() : 0;
  }

  private boolean isGroupSure() {
    Boolean known = groupSure;
    if (known == null) {
      known = root.hasSureGroup();
      groupSure = known;
    }
    return known;
  }

  /// Working memory of one thread.
  public static final class Scratch {
    private final Backtracker quick = new Backtracker();
    private final CaptureVm vm = new CaptureVm();
    private final Unfinished unfinished = new Unfinished();

    /// What the last [#secretFrom] cost, in instructions.
    public int unfinishedSteps() {
      return unfinished.steps();
    }

    /// Whether the last search for groups asked for what is beyond the end of the text: more text
    /// could make another match of it.
    public boolean touchedEnd() {
      return quick.gaveUp() ? vm.touchedEnd() : quick.touchedEnd();
    }

    /// What the last search for the groups at one place cost, in instructions.
    public int steps() {
      return quick.gaveUp() ? quick.steps() + vm.steps() : quick.steps();
    }
  }

  Program program() {
    return machine().program;
  }

  private Machine machine() {
    Machine known = machine;
    if (known == null) {
      try {
        Program program = Program.compile(root, groups);
        known = new Machine(program, new LazyDfa(program, false));
        machine = known;
      } catch (RegexSyntaxException e) {
        throw new IllegalStateException("the size was checked when the pattern was read", e);
      }
    }
    return known;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
