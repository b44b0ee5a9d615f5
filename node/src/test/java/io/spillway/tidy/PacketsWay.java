package io.spillway.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Runs the JDK's own compiler front over sources and the {@link PacketsWayScanner} over each. */
final class PacketsWay {

    /** A source in memory; {@code file} is how findings name it. */
    static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    static Set<String> findings(List<Source> sources, TidyRules rules) throws IOException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        JavacTask task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(
                                        null,
                                        null,
                                        diagnostics,
                                        List.of("-proc:none", "-classpath", classPath),
                                        null,
                                        sources);
        Iterable<? extends CompilationUnitTree> units = task.parse();
        task.analyze();
        refuseErrors(diagnostics);
        Set<String> findings = new TreeSet<>();
        for (CompilationUnitTree unit : units) {
            String file = unit.getSourceFile().getName().substring(1); // of the slash
            findings.addAll(new PacketsWayScanner(task, unit, file, rules).findings());
        }
        return findings;
    }

    /** Without types nothing would be found. */
    private static void refuseErrors(DiagnosticCollector<JavaFileObject> diagnostics) {
        diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .findFirst()
                .ifPresent(
                        error -> {
                            throw new IllegalStateException(error.toString());
                        });
    }

    /** The repository's root, set by the build. */
    static Path root() {
        return Path.of(System.getProperty("spillway.home"));
    }

    private PacketsWay() {}
}
