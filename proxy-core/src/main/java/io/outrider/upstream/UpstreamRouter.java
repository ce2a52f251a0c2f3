package io.outrider.upstream;

import io.netty.channel.EventLoop;
import io.outrider.call.Failure;
import io.outrider.enforce.Exchange;
import io.outrider.enforce.Forwarder;
import io.outrider.enforce.NoticePermit;
import io.outrider.enforce.Permit;
import io.outrider.enforce.ServerStream;
import io.outrider.enforce.UpstreamCall;
import io.outrider.session.ClientSession;
import io.outrider.settings.UpstreamSettings;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds the upstream a permit is for. Thread-safe.
public final class UpstreamRouter implements Forwarder, AutoCloseable {

  private final Map<String, Upstream> upstreams;

  /// @param upstreams by their names in the configuration
  public UpstreamRouter(Map<String, Upstream> upstreams) {
    this.upstreams = Map.copyOf(upstreams);
  }

  /// How an upstream is reached, as policies see it.
  public String transport(String upstream) {
    return find(upstream).transport();
  }

  @Override
  public UpstreamCall forward(Permit permit, Exchange exchange) {
    return find(permit.call().upstream()).forward(permit, exchange);
  }

  @Override
  public void tell(NoticePermit permit, EventLoop loop, Consumer<@Nullable Failure> then) {
    find(permit.session().upstream()).tell(permit, loop, then);
  }

  @Override
  public UpstreamCall listen(
      ClientSession session, @Nullable String lastEventId, ServerStream stream) {
    return find(session.upstream()).listen(session, lastEventId, stream);
  }

  @Override
  public void close(ClientSession session, EventLoop loop, Consumer<Integer> then) {
    find(session.upstream()).close(session, loop, then);
  }

  /// Puts other credentials in force.
  public void credentials(UpstreamSettings changed) {
    find(changed.id()).credentials(changed);
  }

  private Upstream find(String name) {
    Upstream upstream = upstreams.get(name);
    if (upstream == null) {
      throw new IllegalArgumentException(
          "upstream '" + name + "' (expected: one of " + upstreams.keySet() + ")");
    }
    return upstream;
  }

  @Override
  public void close() {
    upstreams.values().forEach(Upstream::close);
  }
}
