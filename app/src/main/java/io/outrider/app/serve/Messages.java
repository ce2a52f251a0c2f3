package io.outrider.app.serve;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Turns exceptions whose message is only a path into sentences.
public final class Messages {
  private Messages() {}

  /// What happened, for an operator.
  public static String of(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + ": no such file or folder";
      case AccessDeniedException denied -> denied.getFile() + ": access denied";
      case FileSystemException failed when failed.getReason() == null ->
          failed.getFile() + ": " + failed.getClass().getSimpleName();
      default -> String.valueOf(e.getMessage());
    };
  }
}
