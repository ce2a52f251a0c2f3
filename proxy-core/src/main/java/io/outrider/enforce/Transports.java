package io.outrider.enforce;

/// How an upstream is reached, as policies see it: `http` or `stdio`.
@FunctionalInterface
public interface Transports {
  String of(String upstream);
}
