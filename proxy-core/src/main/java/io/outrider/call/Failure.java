package io.outrider.call;

import java.util.List;

/// Why a call that passed every gate has no answer to give. Says whether the upstream may have
/// acted, because that decides whether a repetition is safe.
public sealed interface Failure extends Outcome {

  /// Whether the upstream did what was asked.
  Acted acted();

  /// What happened, for logs and records. Holds no payload.
  String detail();

  /// Whether the upstream did what was asked.
  enum Acted {
    NO,
    UNKNOWN,
    YES
  }

  /// No connection, or no process.
  record UpstreamUnreachable(String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.upstream.unreachable";
    }

    @Override
    public Acted acted() {
      return Acted.NO;
    }
  }

  /// No sign of life in time, or no end in time.
  record UpstreamTimedOut(String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.upstream.timeout";
    }

    @Override
    public Acted acted() {
      return Acted.UNKNOWN;
    }
  }

  /// The connection or the process ended before the answer.
  record UpstreamClosed(String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.upstream.closed";
    }

    @Override
    public Acted acted() {
      return Acted.UNKNOWN;
    }
  }

  /// The upstream answered with something that is not MCP.
  record UpstreamBadProtocol(String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.upstream.protocol";
    }

    @Override
    public Acted acted() {
      return Acted.UNKNOWN;
    }
  }

  /// The upstream no longer knows the session; the client must initialize again.
  record UpstreamSessionLost(String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.upstream.session";
    }

    @Override
    public Acted acted() {
      return Acted.NO;
    }
  }

  /// The upstream speaks only the other era; the two are not bridged.
  ///
  /// @param requested the revision the client speaks
  /// @param supported revisions a client of this upstream may speak
  record UpstreamOtherEra(String requested, List<String> supported, String detail)
      implements Failure {
    public UpstreamOtherEra {
      supported = List.copyOf(supported);
    }

    @Override
    public String slug() {
      return "failed.upstream.era";
    }

    @Override
    public Acted acted() {
      return Acted.NO;
    }
  }

  /// The client cancelled or went away before the answer.
  record ClientGone(String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.client.gone";
    }

    @Override
    public Acted acted() {
      return Acted.UNKNOWN;
    }
  }

  /// The answer came and must not be delivered.
  ///
  /// @param code machine-readable reason: `response_denied`, `redaction_failed`, `secret_blocked`,
  ///   `schema_broken`
  record ResultWithheld(String code, String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.withheld";
    }

    @Override
    public Acted acted() {
      return Acted.YES;
    }
  }

  /// A mistake of ours.
  record Internal(String detail) implements Failure {
    @Override
    public String slug() {
      return "failed.internal";
    }

    @Override
    public Acted acted() {
      return Acted.UNKNOWN;
    }
  }
}
