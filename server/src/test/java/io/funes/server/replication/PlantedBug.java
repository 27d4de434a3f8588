package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A line of the production code that is replaced by another, for the length of a test: the source
 * is changed, compiled into memory, and the simulation is loaded once more around it. So the
 * production code needs no switches for its own bugs.
 *
 * @param file below {@code io/funes/server}, without its ending
 * @param original text that stands there exactly once
 */
record PlantedBug(String file, String original, String planted) {
  private static final String PACKAGE = "io.funes.server.";
  private static final Path SOURCES = Path.of("src/main/java/io/funes/server");

  /** What the simulation says of the first seed that it fails with, if it does. */
  Optional<String> firstFinding(int seeds) throws Exception {
    Class<?> simulation = new Loader(compile()).loadClass(PACKAGE + "replication.SimulatedSeeds");
    try {
      simulation.getMethod("run", long.class, int.class).invoke(null, 1L, seeds);
      return Optional.empty();
    } catch (InvocationTargetException e) {
      return Optional.of(e.getCause() + ": " + e.getCause().getCause());
    }
  }

  private Map<String, byte[]> compile() throws IOException {
    String source = Files.readString(SOURCES.resolve(file + ".java"));
    assertThat(source.split(Pattern.quote(original), -1)).as("%s in %s", original, file).hasSize(2);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      Memory memory = new Memory(files);
      boolean compiled =
          compiler
              .getTask(
                  null,
                  memory,
                  null,
                  List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path")),
                  null,
                  List.of(new Source(file, source.replace(original, planted))))
              .call();
      assertThat(compiled).isTrue();
      return memory.classes();
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("string:///io/funes/server/" + file + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    Memory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("string:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return written.computeIfAbsent(name, _ -> new ByteArrayOutputStream());
        }
      };
    }

    Map<String, byte[]> classes() {
      Map<String, byte[]> classes = new HashMap<>();
      written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    }
  }

  /** Loads the broker's classes anew, with the planted ones among them. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> planted;

    Loader(Map<String, byte[]> planted) {
      super(PlantedBug.class.getClassLoader());
      this.planted = planted;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String resource = name.replace('.', '/') + ".class";
      try (InputStream in = getResourceAsStream(resource)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = planted.getOrDefault(name, in.readAllBytes());
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
