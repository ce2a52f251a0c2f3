package io.outrider.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The policies in `policies/` compile strictly, pass their own tests, alone and together, and
/// filter lists as their authors may expect.
class ShippedPoliciesTest {
  private static final List<String> GUARDS = List.of("read-only", "paths", "sql", "shell", "hours");
  private static final List<String> FOLDERS =
      Stream.concat(Stream.of("starter", "demo", "allow-all", "roles"), GUARDS.stream()).toList();

  private static LoadedPolicies load(boolean withTests, List<String> folders) throws IOException {
    Path root = Path.of(System.getProperty("outrider.root", ".")).resolve("policies");
    return PolicyLoader.load(folders.stream().map(root::resolve).toList(), withTests);
  }

  private static PolicySet compile(LoadedPolicies policies) throws PolicyException {
    return PolicySet.compile(
        policies, PolicyOptions.DEFAULT.withLimits(Policies.patient()).withStrict(true));
  }

  private static PolicySet shipped(String... folders) throws Exception {
    return compile(load(false, List.of(folders)));
  }

  @TestFactory
  Stream<DynamicTest> everyFolderPassesItsOwnTests() {
    List<List<String>> groups = new ArrayList<>();
    FOLDERS.forEach(folder -> groups.add(List.of(folder)));
    groups.add(Stream.concat(Stream.of("starter", "roles"), GUARDS.stream()).toList());
    return groups.stream()
        .map(group -> DynamicTest.dynamicTest(group.toString(), () -> passesItsTests(group)));
  }

  private static void passesItsTests(List<String> folders) throws Exception {
    PolicyTools tools =
        PolicyTools.compile(
            load(true, folders),
            PolicyOptions.DEFAULT.withLimits(Policies.patient()).withStrict(true));
    assertThat(tools.tests()).isNotEmpty();
    List<String> wrong = new ArrayList<>();
    for (PolicyTest test : tools.tests()) {
      PolicyTest.Run run = tools.run(test);
      if (!run.passed()) {
        wrong.add(test + ": " + run.errors() + run.cases());
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void twoBasesDoNotCompileTogether() {
    assertThatThrownBy(() -> shipped("starter", "allow-all"))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("default");
    assertThatThrownBy(() -> shipped("starter", "demo")).isInstanceOf(PolicyException.class);
  }

  @Test
  void demoHidesWhatItDeniesAndShowsWhatDependsOnArguments() throws Exception {
    PolicySet demo = shipped("demo");

    assertThat(isVisible(demo, "echo")).isTrue();
    assertThat(isVisible(demo, "slow")).isTrue();
    assertThat(isVisible(demo, "transfer")).isTrue();
    assertThat(isVisible(demo, "delete_note")).isFalse();
    assertThat(isVisible(demo, "format_disk")).isFalse();
  }

  @Test
  void guardsThatLookAtArgumentsHideNothing() throws Exception {
    PolicySet guarded = shipped("allow-all", "paths", "sql", "shell");

    assertThat(isVisible(guarded, "query")).isTrue();
    assertThat(isVisible(guarded, "run_command")).isTrue();
    assertThat(guarded.visibility(entry("read_file", "files")))
        .isInstanceOf(Visibility.Visible.class);
  }

  @Test
  void readOnlyHidesToolsThatWrite() throws Exception {
    PolicySet guarded = shipped("allow-all", "read-only");

    assertThat(isVisible(guarded, "anything")).isFalse();
  }

  private static boolean isVisible(PolicySet set, String tool) {
    return set.visibility(entry(tool, "some-backend")) instanceof Visibility.Visible;
  }

  private static RegoValue entry(String tool, String backend) {
    return Policies.json(
        """
        {'phase': 'list', 'time': {'ns': 1795168800000000000},
         'mcp': {'method': 'tools/call', 'name': '%s'}, 'backend': {'id': '%s'}}
        """
            .formatted(tool, backend));
  }

  @Test
  void emptyInputIsDeniedByEveryBaseThatEnforces() throws Exception {
    for (String base : List.of("starter", "demo")) {
      assertThat(shipped(base).decide(RegoObject.EMPTY)).isInstanceOf(Decision.Deny.class);
    }
  }

  @Test
  void shellWordThatIsNoTextIsDeniedByARuleAndNotByAnError() throws Exception {
    Decision decision =
        shipped("allow-all", "shell")
            .decide(
                Policies.json(
                    """
                    {'mcp': {'method': 'tools/call', 'name': 'shell'}, 'backend': {'id': 'x'},
                     'arguments': {'argv': ['pwd', 7]}}
                    """));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Deny.class,
            deny -> {
              assertThat(deny.cause()).isEqualTo(Decision.Cause.DENY_RULE);
              assertThat(deny.reasons().getFirst().code()).isEqualTo("command_not_allowed");
              assertThat(deny.reasons().getFirst().isPublic()).isTrue();
            });
  }
}
