package io.outrider.app.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What this is.
public final class Product {
  private Product() {}

  /// The version this was built as.
  public static String version() {
    try (InputStream in = Product.class.getResourceAsStream("/io/outrider/app/build.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
