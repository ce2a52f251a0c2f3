package io.outrider.policy.generated;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A real OPA behind the program `src/test/go/opa-oracle`: one line of JSON for each question and
/// one for each answer.
final class Oracle implements AutoCloseable {
  private final Process process;
  private final Writer to;
  private final BufferedReader from;

  Oracle(String program) throws IOException {
    process = new ProcessBuilder(program).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    to =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  Answer ask(Case program, Case.Question question) throws IOException {
    RegoObject.Builder modules = RegoObject.builder();
    for (int i = 0; i < program.modules().size(); i++) {
      modules.put("m" + i + ".rego", RegoString.of(program.modules().get(i)));
    }
    RegoObject.Builder request = RegoObject.builder();
    request.put("cmd", RegoString.of("eval"));
    request.put("modules", modules.build());
    request.put("query", RegoString.of(question.query()));
    request.put("input_term", RegoString.of(question.input()));
    request.put("lenient", RegoBoolean.of(!question.strict()));
    String text = RegoJson.write(request.build());
    to.write(text.substring(0, text.length() - 1) + ",\"data\":" + program.data() + "}\n");
    to.flush();
    String line = from.readLine();
    if (line == null) {
      throw new IOException("the oracle has ended");
    }
    try {
      return answer((RegoObject) RegoJson.read(line));
    } catch (RegoJsonException e) {
      throw new IOException(line, e);
    }
  }

  private static Answer answer(RegoObject line) {
    if (line.get("errors") instanceof RegoArray errors && errors.size() > 0) {
      RegoObject first = (RegoObject) errors.get(0);
      String code = text(first, "code");
      return new Answer.Failed(
          code.startsWith("rego_") ? "compile" : "eval", code, text(first, "message"));
    }
    List<Map<String, String>> all = new ArrayList<>();
    if (line.get("results") instanceof RegoArray results) {
      for (RegoValue result : results) {
        Map<String, String> solution = new TreeMap<>();
        for (RegoObject.Entry entry : (RegoObject) result) {
          solution.put(((RegoString) entry.key()).value(), ((RegoString) entry.value()).value());
        }
        all.add(solution);
      }
    }
    return new Answer.Solutions(all);
  }

  private static String text(RegoObject object, String key) {
    return object.get(key) instanceof RegoString s ? s.value() : "";
  }

  @Override
  public void close() throws IOException {
    to.close();
    process.destroy();
  }
}
