package io.outrider.app.demo;

import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Where the demo shows things, and where it notices what did not happen as shown.
final class Stage {
  private final PrintStream out;
  private final Style style;
  private final List<String> failures = new ArrayList<>();
  private int act;

  Stage(Terminal terminal) {
    this.out = terminal.out();
    this.style = terminal.style();
  }

  Style style() {
    return style;
  }

  void line(String text) {
    out.println(text);
  }

  void act(String title) {
    act++;
    out.println();
    out.println(style.bold(act + "  " + title));
  }

  void sends(String text) {
    out.println("   " + style.accent("→") + " " + text);
  }

  void answers(String text) {
    out.println("   " + style.good("←") + " " + text);
  }

  void refuses(String text) {
    out.println("   " + style.bad("✗") + " " + text);
  }

  void note(String text) {
    out.println("     " + style.dim(text));
  }

  /// Everything shown is checked; what does not hold is said at once and makes the demo fail.
  void expect(boolean held, String what) {
    if (!held) {
      failures.add(what);
      out.println("   " + style.bad("this did not happen as it should: ") + what);
    }
  }

  List<String> failures() {
    return List.copyOf(failures);
  }
}
