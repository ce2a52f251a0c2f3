/// The face of the Rego engine: load policies, compile them, ask for decisions.
///
/// [io.outrider.policy.Rego] is the shortest way in: load, name a query, ask it.
/// [io.outrider.policy.PolicySet] judges calls by a contract of `allow`, `deny` and obligations.
/// Nothing in here knows MCP, the network or any file other than policy files; a policy cannot
/// reach the host it runs on.
@NullMarked
package io.outrider.policy;

import org.jspecify.annotations.NullMarked;
