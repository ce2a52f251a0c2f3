package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.Type;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// The built-ins under which OPA runs its own cases: all of ours, no runtime to show, and
/// `test.sleep`, which nothing but that suite registers.
public final class SuiteBuiltins {
  private static final Signature SLEEP =
      new Signature(
          "test.sleep",
          List.of(new Signature.Param(null, Type.Scalar.STRING)),
          null,
          new Signature.Param(null, Type.Scalar.NULL),
          null,
          List.of(),
          false,
          true,
          false);

  private SuiteBuiltins() {}

  public static Builtins all() {
    Registry registry = new Registry(Map.of(SLEEP.name(), SLEEP));
    registry.one(
        SLEEP.name(),
        duration -> {
          LockSupport.parkNanos(GoDuration.parse(Args.string(duration, 1)));
          return RegoNull.NULL;
        });
    return Builtins.enabling(Builtins.off()).withRuntime(RegoObject.EMPTY).with(registry);
  }
}
