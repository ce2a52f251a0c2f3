package io.outrider.policy.eval;

import io.outrider.policy.compile.LocalVar;
import io.outrider.policy.compile.Query;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A query lowered once, to be asked of any number of sessions of its engine.
public final class Prepared {
  private final Step body;
  private final int frameSize;

  Prepared(Engine engine, Query query) {
    Engine.LoweredQuery lowered = engine.lower(query, new Solution(query.vars()));
    this.body = lowered.body();
    this.frameSize = lowered.frameSize();
  }

  List<Map<String, RegoValue>> run(Eval cx) {
    Frame frame = new Frame(frameSize);
    List<Map<String, RegoValue>> found = new ArrayList<>();
    frame.sink = found;
    body.run(cx, frame);
    return found;
  }

  /// Adds the values of the query's variables to the list in the frame.
  private static final class Solution extends Step {
    private final List<LocalVar> vars;

    Solution(List<LocalVar> vars) {
      this.vars = vars;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      cx.tick();
      Map<String, RegoValue> solution = new LinkedHashMap<>();
      for (LocalVar var : vars) {
        RegoValue value = Output.checked(f.slots[var.slot()]);
        if (value != null) {
          solution.put(var.name(), value);
        }
      }
      @SuppressWarnings("unchecked") // only #run above puts something there
      List<Map<String, RegoValue>> found = (List<Map<String, RegoValue>>) f.sink;
      if (found != null) {
        found.add(solution);
      }
      return false;
    }
  }
}
