package io.outrider.app.terminal;

/// Emphasis for people; nothing at all when colours are off.
///
/// @param on whether to write escape sequences
public record Style(boolean on) {
  public String bold(String text) {
    return wrap("1", text);
  }

  public String dim(String text) {
    return wrap("2", text);
  }

  public String good(String text) {
    return wrap("32", text);
  }

  public String bad(String text) {
    return wrap("31", text);
  }

  public String warn(String text) {
    return wrap("33", text);
  }

  public String accent(String text) {
    return wrap("36", text);
  }

  private String wrap(String code, String text) {
    return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
