/// GraphQL documents: parsing into the tree that OPA's `graphql.*` functions give, and validation
/// against a schema. Knows nothing of Rego but its values.
@NullMarked
package io.outrider.policy.builtin.graphql;

import org.jspecify.annotations.NullMarked;
