package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes imports: sorted within each group, the groups divided as they were.
final class Imports {
  private static final List<String> V1 = List.of("rego", "v1");
  private static final List<String> V2 = List.of("rego", "v2");

  /// Keywords of version 1 of Rego, which need no import there.
  private static final Set<String> PLAIN = Set.of("in", "every", "contains", "if");

  private Imports() {}

  /// Whether the module is in a version of Rego that has all of version 1.
  static boolean isV2(Module module) {
    return module.imports().stream().anyMatch(each -> each.path().equals(V2));
  }

  /// @param all the imports of the module, on which it depends which of them say anything
  static void write(Page page, Names names, List<Import> imports, List<Import> all) {
    List<Import> kept = imports.stream().filter(i -> !isRedundant(i, all)).toList();
    if (kept.isEmpty()) {
      return;
    }
    Map<Import, Span> comments = new HashMap<>();
    for (Import each : kept) {
      Span comment = page.take(each.at().row());
      if (comment != null) {
        comments.put(each, comment);
      }
    }
    for (List<Import> group : groups(kept)) {
      page.reach(group.getFirst().at().row());
      group.sort(Imports::compare);
      for (Import each : group) {
        page.startLine();
        page.write("import " + names.path(each.path(), each.at()));
        if (each.alias() != null) {
          page.write(" as " + each.alias().name());
        }
        Span comment = comments.get(each);
        page.write(comment == null ? "" : " " + Page.text(comment));
        page.endLine();
      }
      page.blankLine();
    }
  }

  private static List<List<Import>> groups(List<Import> imports) {
    List<List<Import>> groups = new ArrayList<>();
    int row = 0;
    for (Import each : imports) {
      if (groups.isEmpty() || each.at().row() - row > 1) {
        groups.add(new ArrayList<>());
      }
      row = each.at().row();
      groups.getLast().add(each);
    }
    return groups;
  }

  private static int compare(Import a, Import b) {
    int common = Math.min(a.path().size(), b.path().size());
    for (int i = 0; i < common; i++) {
      int found = a.path().get(i).compareTo(b.path().get(i));
      if (found != 0) {
        return found;
      }
    }
    return Comparator.comparingInt((Import i) -> i.path().size())
        .thenComparing(i -> i.alias() == null ? "" : i.alias().name())
        .compare(a, b);
  }

  /// `rego.v1` beside `rego.v2` says nothing, and neither do keywords that either of them has
  /// anyway.
  private static boolean isRedundant(Import each, List<Import> all) {
    boolean v2 = all.stream().anyMatch(i -> i.path().equals(V2));
    if (each.path().equals(V1)) {
      return v2;
    }
    boolean keyword = each.path().getFirst().equals("future");
    boolean plain = each.path().size() == 3 && PLAIN.contains(each.path().getLast());
    return keyword && (v2 || (plain && all.stream().anyMatch(i -> i.path().equals(V1))));
  }
}
