package io.outrider.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-20T12:00:00Z"));
  private final Throttle throttle = new Throttle(now::get);

  @Test
  void anAddressIsShutOutAfterItsFailuresAndLetInAgainLater() {
    for (int i = 0; i < Throttle.PER_ADDRESS; i++) {
      assertThat(throttle.closed("10.0.0.1")).isFalse();
      throttle.failed("10.0.0.1");
    }

    assertThat(throttle.closed("10.0.0.1")).isTrue();
    assertThat(throttle.closed("10.0.0.2")).isFalse();

    now.set(now.get().plus(Throttle.WINDOW).plusMillis(1));
    assertThat(throttle.closed("10.0.0.1")).isFalse();
  }

  @Test
  void manyAddressesTogetherShutOutEverybody() {
    for (int i = 0; i < Throttle.IN_ALL; i++) {
      throttle.failed("10.0.1." + i);
    }

    assertThat(throttle.closed("10.9.9.9")).isTrue();
  }
}
