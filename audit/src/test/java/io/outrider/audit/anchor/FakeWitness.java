package io.outrider.audit.anchor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.Proofs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A witness as C2SP tlog-witness asks for one: it checks before it signs, and what it saw last is
/// on disk before it answers. One log.
public final class FakeWitness implements AutoCloseable {
  /// What a test may have it do instead.
  public interface Mood {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final WitnessSigner signer;
  private final VerifierKey log;
  private final Path state;
  private final InstantSource clock;
  private final HttpServer server;
  private final List<String> requests = new ArrayList<>();
  private Optional<Mood> mood = Optional.empty();

  public FakeWitness(WitnessSigner signer, VerifierKey log, Path state, InstantSource clock)
      throws IOException {
    this.signer = signer;
    this.log = log;
    this.state = state;
    this.clock = clock;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/w/add-checkpoint", this::serve);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/w/";
  }

  public TlogPolicy.Witness entry(String name) {
    return new TlogPolicy.Witness(name, signer.key(), Optional.of(url()));
  }

  /// What it does from now on.
  public synchronized void mood(Mood next) {
    mood = Optional.of(next);
  }

  /// It does its work again.
  public synchronized void recover() {
    mood = Optional.empty();
  }

  /// First lines of what was asked.
  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(1 << 20);
      Optional<Mood> now;
      synchronized (this) {
        requests.add(new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse(""));
        now = mood;
      }
      if (now.isPresent()) {
        now.get().answer(exchange);
      } else {
        judge(exchange, new String(body, StandardCharsets.UTF_8));
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private synchronized void judge(HttpExchange exchange, String body)
      throws IOException, GeneralSecurityException {
    int blank = body.indexOf("\n\n");
    List<String> lines = new ArrayList<>(List.of(body.substring(0, blank).split("\n")));
    String first = lines.removeFirst();
    if (!first.matches("old (0|[1-9][0-9]*)") || lines.size() > 63) {
      answer(exchange, 400, "");
      return;
    }
    long old = Long.parseLong(first.substring(4));
    byte[] raw = body.substring(blank + 2).getBytes(StandardCharsets.UTF_8);
    Checkpoint checkpoint;
    SignedNote note;
    try {
      note = SignedNote.parse(raw);
      checkpoint = Checkpoint.parse(note.text());
    } catch (FormatException e) {
      answer(exchange, 400, "");
      return;
    }
    if (!checkpoint.origin().equals(log.name())) {
      answer(exchange, 404, "");
      return;
    }
    try {
      SignedNote.open(raw, log);
    } catch (FormatException e) {
      answer(exchange, 403, "");
      return;
    }
    if (old > checkpoint.size()) {
      answer(exchange, 400, "");
      return;
    }
    String[] seen =
        Files.exists(state) ? Files.readString(state).split("\n") : new String[] {"0", ""};
    long size = Long.parseLong(seen[0]);
    if (old != size) {
      exchange.getResponseHeaders().add("Content-Type", "text/x.tlog.size");
      answer(exchange, 409, size + "\n");
      return;
    }
    List<byte[]> proof = lines.stream().map(Base64.getDecoder()::decode).toList();
    byte[] root = size == 0 ? new byte[0] : Base64.getDecoder().decode(seen[1]);
    if (size == checkpoint.size() && size > 0 && !Arrays.equals(root, checkpoint.root())) {
      exchange.getResponseHeaders().add("Content-Type", "text/x.tlog.size");
      answer(exchange, 409, size + "\n");
      return;
    }
    boolean fits =
        size == 0
            ? proof.isEmpty()
            : new Proofs().consistent(size, root, checkpoint.size(), checkpoint.root(), proof);
    if (!fits) {
      answer(exchange, 422, "");
      return;
    }
    persist(checkpoint);
    try {
      SignedNote only = new SignedNote(note.text(), List.of(signer.cosign(note, clock.instant())));
      String all = new String(only.bytes(), StandardCharsets.UTF_8);
      answer(exchange, 200, all.substring(all.indexOf("\n\n") + 2));
    } catch (FormatException e) {
      throw new IOException(e);
    }
  }

  private void persist(Checkpoint checkpoint) throws IOException {
    Path next = state.resolveSibling(state.getFileName() + ".next");
    Files.writeString(
        next,
        checkpoint.size() + "\n" + Base64.getEncoder().encodeToString(checkpoint.root()) + "\n");
    Files.move(next, state, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
