/// Rules and the files they are written in: gitleaks' TOML shape with an overlay of our own. Knows
/// nothing of JSON or of how texts are searched.
@NullMarked
package io.outrider.redaction.rule;

import org.jspecify.annotations.NullMarked;
