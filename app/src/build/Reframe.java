import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Gives the classes of a jar that was compiled for Java 5 the stack map frames that Java 6 and later
/// verify by. The JVM keeps no classes without them in its start-up cache (JEP 483) and verifies them
/// slowly at every start; with picocli that was a quarter of the CPU to the first answer. What the
/// classes do stays the same.
///
///     java Reframe.java JAR      rewrites the jar in place; does nothing where nothing is old
final class Reframe {
  private static final int JAVA_6 = 50;
  private static final int JAVA_8 = 52;

  private Reframe() {}

  public static void main(String[] args) throws IOException {
    Path jar = Path.of(args[0]);
    Path rewritten = jar.resolveSibling(jar.getFileName() + ".new");
    int old = 0;
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        JarFile from = new JarFile(jar.toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(rewritten))) {
      ClassFile format =
          ClassFile.of(
              ClassFile.ConstantPoolSharingOption.NEW_POOL,
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofClassLoading(loader)));
      for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        byte[] bytes = from.getInputStream(entry).readAllBytes();
        if (entry.getName().endsWith(".class")) {
          ClassModel model = format.parse(bytes);
          if (model.majorVersion() < JAVA_6) {
            bytes = format.transformClass(model, withFrames());
            old++;
          }
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        // As in all our jars: the same input gives the same bytes.
        copy.setTime(entry.getTime());
        to.putNextEntry(copy);
        to.write(bytes);
        to.closeEntry();
      }
    }
    if (old > 0) {
      Files.move(rewritten, jar, StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.delete(rewritten);
    }
  }

  // Bodies have to pass through the builder, even unchanged: a body that is copied gets no frames.
  private static ClassTransform withFrames() {
    return ClassTransform.endHandler(builder -> builder.withVersion(JAVA_8, 0))
        .andThen(
            ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element)));
  }
}
