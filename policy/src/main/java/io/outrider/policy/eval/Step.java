package io.outrider.policy.eval;

/// One step of a body. It calls the step after it once for every way in which it holds.
abstract class Step {
  @SuppressWarnings("NullAway.Init") // set when the steps of a body are put in line
  Step next;

  /// Runs this step and all after it. True stops the search: enough is known.
  abstract boolean run(Eval cx, Frame f);

  /// Goes on in the knowledge that what led here is possible and not certain.
  final boolean possibly(Eval cx, Frame f) {
    boolean before = cx.maybe;
    cx.maybe = true;
    boolean stop = next.run(cx, f);
    cx.maybe = before;
    return stop;
  }
}
