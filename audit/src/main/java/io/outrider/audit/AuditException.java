package io.outrider.audit;

/// The log could not be opened, or not safely: wrong rights, another process holds it, damage that
/// is not a torn tail, a rollback. The message says what was found, what was expected and what to
/// do.
public final class AuditException extends Exception {
  private static final long serialVersionUID = 1L;

  public AuditException(String message) {
    super(message);
  }

  public AuditException(String message, Throwable cause) {
    super(message, cause);
  }
}
