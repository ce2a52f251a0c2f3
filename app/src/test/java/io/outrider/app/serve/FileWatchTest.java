package io.outrider.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void aFile() throws IOException {
    file = Files.writeString(folder.resolve("a.rego"), "one");
  }

  private FileWatch watch() {
    return new FileWatch(List.of(folder));
  }

  @Test
  void whatIsThereAtFirstIsNoChange() {
    FileWatch watch = watch();

    assertThat(watch.look()).isFalse();
    assertThat(watch.look()).isFalse();
  }

  @Test
  void aChangeCountsOnceWhenItHasStoodStill() throws IOException {
    FileWatch watch = watch();
    Files.writeString(file, "longer");

    assertThat(watch.look()).isFalse();
    assertThat(watch.look()).isTrue();
    assertThat(watch.look()).isFalse();
  }

  @Test
  void aFileThatNeverStandsStillIsReadAfterAWhile() throws IOException {
    FileWatch watch = watch();
    int looks = 0;
    do {
      Files.writeString(file, "x".repeat(10 + looks));
      looks++;
    } while (!watch.look());

    assertThat(looks).isEqualTo(4);
  }

  @Test
  void newAndRemovedFilesAreChanges() throws IOException {
    FileWatch watch = watch();
    Files.createDirectories(folder.resolve("deep/er"));
    Files.writeString(folder.resolve("deep/er/b.rego"), "two");
    watch.look();
    assertThat(watch.look()).isTrue();

    Files.delete(file);
    watch.look();
    assertThat(watch.look()).isTrue();
  }

  @Test
  void aRenameOverAFileOfEqualSizeAndTimeIsAChange() throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    FileWatch watch = watch();
    Path other = Files.writeString(folder.resolveSibling(folder.getFileName() + ".new"), "two");
    Files.setLastModifiedTime(other, time);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    watch.look();
    assertThat(watch.look()).isTrue();
  }

  @Test
  void aSymlinkSwapIsAChange() throws IOException {
    Path first = Files.createDirectory(folder.resolve("v1"));
    Path second = Files.createDirectory(folder.resolve("v2"));
    Files.writeString(first.resolve("p.rego"), "1");
    Files.writeString(second.resolve("p.rego"), "22");
    Path current = Files.createSymbolicLink(folder.resolve("current"), first);
    FileWatch watch = new FileWatch(List.of(current));

    Path next = Files.createSymbolicLink(folder.resolve("next"), second);
    Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);

    watch.look();
    assertThat(watch.look()).isTrue();
  }

  @Test
  void aFileThatDoesNotExistYetCanBeWatched() throws IOException {
    FileWatch watch = new FileWatch(List.of(folder.resolve("later")));
    assertThat(watch.look()).isFalse();

    Files.writeString(folder.resolve("later"), "now");

    watch.look();
    assertThat(watch.look()).isTrue();
  }
}
