/// The face of the Rego engine: load policies, compile them, ask for decisions.
///
/// [io.outrider.policy.PolicyLoader] reads files, [io.outrider.policy.PolicySet] judges inputs.
/// Nothing in here knows MCP, the network or any file other than policy files; a policy cannot
/// reach the host it runs on.
@NullMarked
package io.outrider.policy;

import org.jspecify.annotations.NullMarked;
