package io.outrider.policy;

import io.outrider.policy.builtin.Capabilities;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Loaded policies, parsed: the step that all ways to use them have in common.
final class Sources {
  private final List<Module> modules;
  private final BaseData data;

  private Sources(List<Module> modules, BaseData data) {
    this.modules = modules;
    this.data = data;
  }

  /// Throws [PolicyException] with every mistake in every file.
  ///
  /// @param version of the modules that do not say theirs
  static Sources parse(LoadedPolicies policies, RegoVersion version) throws PolicyException {
    List<Diagnostic> problems = new ArrayList<>();
    List<Module> modules = new ArrayList<>();
    for (PolicySource source : policies.modules()) {
      Module module =
          Parser.parseModule(
              new Source(source.name(), source.text()),
              Objects.requireNonNullElse(source.version(), version),
              Capabilities.signatures()::containsKey,
              problems::add);
      if (module != null) {
        modules.add(module);
      }
    }
    BaseData data = new BaseData(problems::add);
    policies.data().forEach(data::add);
    if (!problems.isEmpty()) {
      // Names that only a broken file defines would be reported as undefined; the cause comes
      // first.
      throw new PolicyException(problems.stream().sorted().toList());
    }
    return new Sources(modules, data);
  }

  /// Throws [PolicyException] with everything the compiler finds.
  Program compile(Compiler compiler) throws PolicyException {
    Program program = compiler.compile(modules);
    List<Diagnostic> problems = new ArrayList<>(compiler.problems());
    data.checkRules(program, problems::add);
    if (!problems.isEmpty()) {
      throw new PolicyException(problems.stream().sorted().toList());
    }
    return program;
  }

  List<Module> modules() {
    return modules;
  }

  RegoObject data() {
    return data.root();
  }
}
