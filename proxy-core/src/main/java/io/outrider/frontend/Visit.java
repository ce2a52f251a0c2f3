package io.outrider.frontend;

import io.netty.channel.EventLoop;
import io.outrider.call.Call;
import io.outrider.call.Failure;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.UnknownTarget.What;
import io.outrider.enforce.CallPipeline;
import io.outrider.enforce.Exchange;
import io.outrider.mcp.Era;
import io.outrider.session.InFlight;
import org.jspecify.annotations.Nullable;

/// One message on its way from the front door to its exchange, and what a front-end can do about it
/// meanwhile. Whatever ends it, the end is on record: as a refusal while the call waits for its
/// turn, as an outcome once its intent is written.
///
/// ```
/// at the gates --admitted--> exchange
///     \--refused, called off----------> over
/// ```
///
/// Used on its loop, but for [InFlight].
public final class Visit implements InFlight {

  private final EventLoop loop;
  private @Nullable Call call;
  private @Nullable Exchange exchange;
  private CallPipeline.@Nullable Waiting waiting;
  private @Nullable Refusal calledOff;
  private @Nullable Failure unwanted;
  private boolean gone;
  private boolean over;

  Visit(EventLoop loop) {
    this.loop = loop;
  }

  /// The client's connection is gone.
  public void clientGone() {
    if (gone || over) {
      return;
    }
    gone = true;
    if (exchange != null) {
      exchange.clientGone();
      return;
    }
    // A legacy call that is on record goes on, as one that runs does.
    Failure ifRecorded =
        call != null && call.era() == Era.LEGACY
            ? null
            : new Failure.ClientGone("the client closed the connection");
    callOff(
        new Refusal.Abandoned("the client left while the call waited for its turn"), ifRecorded);
  }

  /// The client takes the request back.
  ///
  /// @return false when it is too late to do so here: it is with the upstream, or over
  boolean takenBack() {
    return callOff(
        new Refusal.Abandoned("the client cancelled while the call waited for its turn"),
        new Failure.ClientGone("the client cancelled before the call was forwarded"));
  }

  private boolean callOff(Refusal ifWaiting, @Nullable Failure ifRecorded) {
    if (exchange != null || over) {
      return false;
    }
    if (calledOff == null) {
      calledOff = ifWaiting;
      unwanted = ifRecorded;
      if (waiting != null) {
        waiting.callOff(ifWaiting);
      }
    }
    return true;
  }

  void opened(Call request) {
    call = request;
  }

  void waitsFor(CallPipeline.Waiting turn) {
    waiting = turn;
    if (calledOff != null && !over) {
      turn.callOff(calledOff);
    }
  }

  void forwarded(Exchange started) {
    exchange = started;
    if (gone) {
      started.clientGone();
    }
  }

  void over() {
    over = true;
  }

  EventLoop loop() {
    return loop;
  }

  /// Why the call, although admitted, must not be forwarded any more; null when it may.
  @Nullable Failure unwanted() {
    return unwanted;
  }

  /// The request that came, or null if it was none, or is large and still being read.
  public @Nullable Call call() {
    return call;
  }

  /// The call that was forwarded, or null while there is none.
  public @Nullable Exchange exchange() {
    return exchange;
  }

  @Override
  public void cancelled() {
    loop.execute(this::takenBack);
  }

  @Override
  public void sessionEnded() {
    loop.execute(() ->
        callOff(
            new Refusal.UnknownTarget(
                What.SESSION, "the session ended while the call waited for its turn"),
            new Failure.UpstreamSessionLost("the session ended before the call was forwarded")));
  }
}
