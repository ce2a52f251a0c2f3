package io.outrider.policy.builtin.template;

/// A template that cannot be parsed, or not be filled in with the values given.
public final class TemplateException extends RuntimeException {
  TemplateException(String message) {
    super(message, null, false, false);
  }
}
