package io.outrider.app.config;

import static io.outrider.app.config.Scalars.PATH;
import static io.outrider.app.config.Scalars.TEXT;
import static io.outrider.app.config.Scalars.TIME;
import static io.outrider.app.config.Scalars.URL;
import static io.outrider.app.config.Scalars.number;

import io.outrider.app.config.Shape.Group;
import io.outrider.app.config.Shape.Named;
import io.outrider.settings.AnchorSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The keys of `audit.anchors`.
final class AnchorTable {
  static final Key<String> VKEY =
      Key.optional(
          "vkey",
          TEXT,
          "required",
          "The witness's key, `NAME+ID+KEY`, as it publishes it; Ed25519 or ML-DSA-44 cosignatures.");
  static final Key<URI> WITNESS_URL =
      Key.optional(
          "url", URL, "required", "Its submission prefix; `/add-checkpoint` is put behind it.");
  static final Key<Map<String, Section>> WITNESSES =
      Key.of(
          "witnesses",
          new Named<>(
              "names of witnesses, each with vkey and url", new Group(List.of(VKEY, WITNESS_URL))),
          Map.of(),
          "none",
          "C2SP witnesses by name. They see the log's name, size and root hash, and nothing else.");
  static final Key<Integer> QUORUM =
      Key.optional(
          "quorum",
          number(0, 1_000),
          "all of them",
          "How many witnesses must have cosigned for the log to count as anchored.");
  static final Key<Duration> INTERVAL =
      Key.of(
          "interval",
          TIME,
          AnchorSettings.DEFAULT_INTERVAL,
          "1m",
          "Between two rounds in which all witnesses are asked; public ones want 10 s at least.");
  static final Key<URI> AUTHORITY_URL =
      Key.optional("url", URL, "required", "Where requests of RFC 3161 are POSTed.");
  static final Key<Path> AUTHORITY_CA =
      Key.optional(
          "ca",
          PATH,
          "required",
          "PEM file with the authority's root certificate; its stamps are checked as they come.");
  static final Key<Map<String, Section>> AUTHORITIES =
      Key.of(
          "authorities",
          new Named<>(
              "names of authorities, each with url and ca",
              new Group(List.of(AUTHORITY_URL, AUTHORITY_CA))),
          Map.of(),
          "none",
          "Time-stamping authorities by name; they see a hash. The name stands in file names.");
  static final Key<Duration> STAMP_INTERVAL =
      Key.of(
          "interval",
          TIME,
          AnchorSettings.DEFAULT_STAMP_INTERVAL,
          "1h",
          "Between two stamps of one authority; a checkpoint is stamped once.");
  static final Key<Section> TIMESTAMPS =
      Key.group(
          "timestamps", "Time stamps (RFC 3161) over checkpoints.", STAMP_INTERVAL, AUTHORITIES);
  static final Key<Section> ANCHORS =
      Key.group(
          "anchors",
          "Who vouches for the log, so that nobody can rewrite it unseen: [audit](audit.md). Calls never wait for it.",
          INTERVAL,
          QUORUM,
          WITNESSES,
          TIMESTAMPS);

  private AnchorTable() {}
}
