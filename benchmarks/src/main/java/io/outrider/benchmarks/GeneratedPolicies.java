package io.outrider.benchmarks;

import io.outrider.policy.PolicySource;

/// Policies of growing size over one call, which all of them allow.
final class GeneratedPolicies {
  static final String CALL =
      """
      {"schema":"outrider.input/1","phase":"request","request_id":"01M7WK25WN0FQ7C5V2997ZSM6E",
       "time":{"ns":1795172506517000000},"backend":{"id":"files","transport":"http"},
       "principal":{"type":"user","id":"ada","roles":["analyst"],"groups":["research"],"auth":{"method":"api-key"}},
       "agent":{"client_info":{"name":"bench","version":"1","verified":false}},
       "source":{"ip":"127.0.0.1","transport_in":"http"},"session":{"id":"5f2b8c1d9e3a4b67"},
       "mcp":{"era":"legacy","revision":"2025-11-25","method":"tools/call","name":"echo","bytes":142},
       "arguments":{"text":"hello","path":"/srv/data/reports/2026/november.txt"}}
      """;

  private GeneratedPolicies() {}

  /// - `indexed-N`: N denies that each name one tool, of which an index leaves none;
  /// - `globs-N`: N denies whose condition is a glob on the name;
  /// - `scan-N`: N denies whose condition no index can answer, so that each must be tried.
  static PolicySource of(String name) {
    String[] parts = name.split("-", 2);
    int rules = Integer.parseInt(parts[1]);
    StringBuilder rego = new StringBuilder("package outrider\n\nallow := true\n");
    for (int i = 0; i < rules; i++) {
      String condition =
          switch (parts[0]) {
            case "indexed" -> "input.mcp.name == \"tool%d\"";
            case "globs" -> "glob.match(\"team%d_*\", [\"/\"], input.mcp.name)";
            case "scan" -> "contains(input.arguments.path, \"/team%d/\")";
            default -> throw new IllegalArgumentException("policies: " + name);
          };
      rego.append(
          """

          deny contains {"code": "rule_%d", "msg": "not for analysts"} if {
          	%s
          	"analyst" in input.principal.roles
          }
          """
              .formatted(i, condition.formatted(i)));
    }
    return new PolicySource("generated.rego", rego.toString());
  }
}
