package io.outrider.e2e;

import static io.outrider.e2e.Client.FASTMCP;
import static io.outrider.e2e.Client.FASTMCP_MODERN;
import static io.outrider.e2e.Client.JAVA_SDK;
import static io.outrider.e2e.Client.TS1;
import static io.outrider.e2e.Client.TS2;
import static io.outrider.e2e.Client.TS2_MODERN;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Real clients against real servers, through Outrider with a policy that allows everything: each
/// step must tell the client what it tells it directly.
///
/// `-De2e.cells=all` runs every cell there is (so does `-Pe2e-full`); any other value runs those
/// whose name contains it, such as `-De2e.cells='TS1 to EVERYTHING_STDIO'`.
class MatrixTest {
  /// How a client reaches Outrider.
  enum Front {
    HTTP,
    STDIO
  }

  /// One client, one server, one way in.
  record Cell(Client client, Upstream upstream, Front front) {
    @Override
    public String toString() {
      return client + " to " + upstream + " over " + front;
    }
  }

  /// What every build runs: each client, each server, and both ways in at least once, and the
  /// widest server under all of them.
  private static final List<Cell> USUAL =
      List.of(
          new Cell(TS1, Upstream.EVERYTHING_STDIO, Front.HTTP),
          new Cell(TS1, Upstream.EVERYTHING_STDIO, Front.STDIO),
          new Cell(TS1, Upstream.EVERYTHING_HTTP, Front.HTTP),
          new Cell(TS1, Upstream.EVERYTHING_HTTP, Front.STDIO),
          new Cell(TS2, Upstream.EVERYTHING_STDIO, Front.HTTP),
          new Cell(TS2, Upstream.EVERYTHING_HTTP, Front.HTTP),
          new Cell(JAVA_SDK, Upstream.EVERYTHING_STDIO, Front.STDIO),
          new Cell(JAVA_SDK, Upstream.EVERYTHING_HTTP, Front.HTTP),
          new Cell(FASTMCP, Upstream.EVERYTHING_HTTP, Front.HTTP),
          new Cell(TS1, Upstream.FILESYSTEM, Front.HTTP),
          new Cell(TS2, Upstream.FILESYSTEM, Front.STDIO),
          new Cell(TS1, Upstream.MEMORY, Front.HTTP),
          new Cell(TS2, Upstream.THINKING, Front.STDIO),
          new Cell(TS2, Upstream.CONFORMANCE_HTTP, Front.HTTP),
          new Cell(TS2_MODERN, Upstream.CONFORMANCE_HTTP, Front.HTTP),
          new Cell(TS2_MODERN, Upstream.CONFORMANCE_STDIO, Front.STDIO),
          new Cell(TS1, Upstream.FASTMCP_HTTP, Front.HTTP),
          new Cell(FASTMCP, Upstream.FASTMCP_STDIO, Front.HTTP),
          new Cell(FASTMCP_MODERN, Upstream.FASTMCP_HTTP, Front.HTTP),
          new Cell(FASTMCP_MODERN, Upstream.FASTMCP_STDIO, Front.STDIO),
          new Cell(TS1, Upstream.TIME, Front.HTTP),
          new Cell(TS1, Upstream.GIT, Front.STDIO));

  private static final Map<String, Direct> DIRECT = new ConcurrentHashMap<>();

  @TempDir static Path temp;

  @TestFactory
  Stream<DynamicTest> everyStepTellsTheClientWhatItTellsItDirectly() {
    return cells().map(cell -> dynamicTest(cell.toString(), () -> play(cell)));
  }

  private static Stream<Cell> cells() {
    String wanted = System.getProperty("e2e.cells", "");
    if (wanted.isEmpty()) {
      return USUAL.stream();
    }
    return all().stream().filter(c -> wanted.equals("all") || c.toString().contains(wanted));
  }

  private static List<Cell> all() {
    List<Cell> all = new ArrayList<>();
    for (Client client : Client.values()) {
      for (Upstream upstream : Upstream.values()) {
        if (upstream.speaks(client.era)) {
          for (Front front : Front.values()) {
            all.add(new Cell(client, upstream, front));
          }
        }
      }
    }
    return all;
  }

  private static void play(Cell cell) throws IOException {
    Runtimes.need(cell.client().runtime);
    Runtimes.need(cell.upstream().runtime);
    Direct direct = direct(cell.client(), cell.upstream());
    Path dir = Files.createTempDirectory(temp, "cell").toRealPath();
    Path work = Files.createDirectory(dir.resolve("work"));
    try (Upstream.Running upstream = cell.upstream().start(work)) {
      OutriderProcess.Setup setup = OutriderProcess.in(dir).upstream(upstream.link());
      Play play = Play.read(cell.upstream().play, cell.client().script, cell.client().era, work);
      Played played;
      String said = "";
      if (cell.front() == Front.STDIO) {
        played = cell.client().play(setup.stdio(), play);
      } else {
        try (OutriderProcess outrider = setup.run()) {
          played = cell.client().play(outrider.link(), play);
          outrider.stop();
          said = outrider.stderr();
        }
      }
      played.holds(play).sameAs(direct.played(), work, direct.dir());
      setup.auditIsWhole(said);
    }
  }

  /// The same play without Outrider, once for each client and server.
  private static Direct direct(Client client, Upstream upstream) {
    return DIRECT.computeIfAbsent(
        client + " to " + upstream,
        key -> {
          try {
            Path work = Files.createTempDirectory(temp, "direct").toRealPath();
            Play play = Play.read(upstream.play, client.script, client.era, work);
            try (Upstream.Running running = upstream.start(work)) {
              return new Direct(client.play(running.link(), play).holds(play), work);
            }
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private record Direct(Played played, Path dir) {}
}
