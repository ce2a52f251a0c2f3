package io.outrider.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compiles and runs what `docs/library.md` and the README show, and compares what it prints.
class LibraryDocTest {
  private static final Path ROOT = Path.of(System.getProperty("outrider.root", ".."));

  @TempDir private Path folder;

  private static String block(String page, String language) {
    Matcher found = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(found.find()).as("a block of " + language).isTrue();
    return found.group(1);
  }

  @Test
  void theProgramOfThePagePrintsWhatThePageSays() throws Exception {
    String page = Files.readString(ROOT.resolve("docs/library.md"));
    Files.createDirectories(folder.resolve("door/keys"));
    Files.writeString(folder.resolve("door/door.rego"), block(page, "rego"));
    Files.writeString(folder.resolve("door/keys/data.json"), block(page, "json"));

    assertThat(run("Door", block(page, "java"))).isEqualTo(block(page, "text"));
  }

  @Test
  void theThreeLinesOfTheReadmeWork() throws Exception {
    Files.createDirectories(folder.resolve("policies"));
    Files.writeString(
        folder.resolve("policies/authz.rego"),
        "package authz\n\ndefault allow := false\n\nallow if input.user == \"alice\"\n");
    String readme = Files.readString(ROOT.resolve("README.md"));
    String program =
        "import io.outrider.policy.*;\nimport java.nio.file.Path;\n"
            + "class Three { public static void main(String[] args) throws Exception {\n"
            + block(readme, "java")
            + "System.out.println(allowed); } }\n";

    assertThat(run("Three", program)).isEqualTo("true\n");
  }

  /// Nothing but this module and what it depends on is here to be used.
  @Test
  void neitherNettyNorMcpIsOnTheClassPath() {
    assertThat(System.getProperty("java.class.path"))
        .doesNotContain("netty", "outrider-proxy", "proxy-core");
  }

  private String run(String name, String source) throws Exception {
    // Paths in the program are relative; a test cannot change its working folder.
    String placed = source.replace("Path.of(\"", "Path.of(\"" + folder + "/");
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    Path classes = Files.createDirectories(folder.resolve("classes"));
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return placed;
          }
        };
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
      assertThat(compiler.getTask(null, files, null, options, null, List.of(file)).call())
          .as(placed)
          .isTrue();
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Method main = loader.loadClass(name).getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      main.invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
