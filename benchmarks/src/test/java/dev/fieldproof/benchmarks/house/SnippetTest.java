package dev.fieldproof.benchmarks.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles every block of Java in the documents: statements inside a method, imports above. */
class SnippetTest {
    @TempDir
    private Path output = Path.of("");

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Snippet.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private record Snippet(String place, String code) {}

    private static List<Snippet> snippets() {
        List<Snippet> snippets = new ArrayList<>();
        for (Path document : Repository.files(".md")) {
            List<String> lines = Repository.lines(document);
            StringBuilder code = null;
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).equals("```java")) {
                    code = new StringBuilder();
                } else if (lines.get(i).equals("```") && code != null) {
                    snippets.add(new Snippet(document + ":" + (i + 1), code.toString()));
                    code = null;
                } else if (code != null) {
                    code.append(lines.get(i)).append('\n');
                }
            }
        }
        return snippets;
    }

    private static String asClass(String code) {
        StringBuilder imports = new StringBuilder();
        StringBuilder body = new StringBuilder();
        code.lines()
                .forEach(line -> (line.startsWith("import ") ? imports : body)
                        .append(line)
                        .append('\n'));
        return imports + "class Snippet {\n void run() throws Exception {\n" + body + "}\n}\n";
    }

    /** Where the tests' own JVM found its classes, on the class path and on the module path. */
    private static String classPath() {
        return System.getProperty("java.class.path") + File.pathSeparator + System.getProperty("jdk.module.path", "");
    }

    private String compile(String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("--release", "17", "-cp", classPath(), "-proc:none", "-d", output.toString());
            List<JavaFileObject> sources = List.of(new Source(source));
            boolean good = compiler.getTask(messages, files, null, options, null, sources)
                    .call();
            return good ? "" : messages.toString();
        }
    }

    @Test
    void everyBlockOfJavaCompiles() throws IOException {
        List<Snippet> snippets = snippets();
        assertFalse(snippets.isEmpty(), "no document holds a block of Java");
        for (Snippet snippet : snippets) {
            assertEquals("", compile(asClass(snippet.code())), snippet.place());
        }
    }

    @Test
    void aBlockThatDoesNotCompileWouldBeFound() throws IOException {
        assertFalse(compile(asClass("int x = \"text\";")).isEmpty());
    }
}
