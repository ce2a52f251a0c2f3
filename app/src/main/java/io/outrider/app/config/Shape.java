package io.outrider.app.config;

import io.outrider.settings.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What may stand at a place in the file.
///
/// @param <T> what it is read into
sealed interface Shape<T> {
  /// What to write here, in a few words; the end of "expected: ...".
  String expected();

  /// One value.
  record Scalar<T>(String expected, Parser<T> parser) implements Shape<T> {}

  /// Several values; one alone may stand without brackets only if `loose`.
  record Listing<T>(Shape<T> element, boolean loose, String expected) implements Shape<List<T>> {
    static <T> Listing<T> of(Shape<T> element) {
      return new Listing<>(element, true, "a list, each " + element.expected());
    }
  }

  /// Names of the writer's choosing, each with a value.
  record Named<T>(String what, Shape<T> value) implements Shape<Map<String, T>> {
    @Override
    public String expected() {
      return what;
    }
  }

  /// Header or variable names with values that may be credentials.
  record Credentials(CredentialKind kind) implements Shape<Map<String, Secret>> {
    @Override
    public String expected() {
      return kind.what;
    }
  }

  /// One value that is always a credential, so it comes by reference.
  record Credential() implements Shape<Secret> {
    @Override
    public String expected() {
      return "a reference such as ${env:NAME}";
    }
  }

  /// Known keys.
  record Group(List<Key<?>> keys) implements Shape<Section> {
    public Group {
      keys = List.copyOf(keys);
    }

    @Override
    public String expected() {
      return "keys: " + String.join(", ", keys.stream().map(Key::name).toList());
    }
  }

  /// Which names are credentials depends on what they are names of.
  enum CredentialKind {
    HEADER("header", "header names and values"),
    VARIABLE("variable", "variable names and values"),
    /// Of Kafka's client.
    PROPERTY("property", "property names and values");

    final String one;
    final String what;

    CredentialKind(String one, String what) {
      this.one = one;
      this.what = what;
    }
  }

  /// Turns text into a value.
  @FunctionalInterface
  interface Parser<T> {
    /// The value.
    ///
    /// @throws IllegalArgumentException if the text is not one; the message, if any, replaces the
    ///   shape's `expected`
    T parse(String text, Context context);
  }

  /// What a parser may need besides the text.
  ///
  /// @param folder that relative paths start from
  record Context(Path folder) {}
}
