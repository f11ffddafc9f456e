package io.hongyan.im.app;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Sizes of Java files, methods and parameter lists, as the compiler's parser sees them. */
final class JavaSizes {
    /** What has a size. A method's is its lines from brace to brace; a record's its components. */
    enum Kind {
        FILE,
        METHOD,
        PARAMETERS
    }

    /** @param name what it is within its file: {@code Outer.Inner.method}; of a file, empty */
    record Place(Kind kind, String file, String name) {
        @Override
        public String toString() {
            return kind + " " + file + (name.isEmpty() ? "" : " " + name);
        }
    }

    private final Map<Place, Integer> sizes = new HashMap<>();
    private final Path root;

    private JavaSizes(Path root) {
        this.root = root;
    }

    /** @return the size of each file, method, constructor and record; of overloads of one name, the largest */
    static Map<Place, Integer> of(Path root, Collection<Path> files) throws IOException {
        JavaSizes sizes = new JavaSizes(root);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                sizes.add(unit, positions);
            }
        }
        return sizes.sizes;
    }

    private void add(CompilationUnitTree unit, SourcePositions positions) throws IOException {
        Path path = Path.of(unit.getSourceFile().toUri());
        String file = root.relativize(path).toString().replace('\\', '/');
        try (var lines = Files.lines(path)) {
            sizes.put(new Place(Kind.FILE, file, ""), (int) lines.count());
        }
        new Scanner(file, unit, positions).scan(unit, null);
    }

    private final class Scanner extends TreePathScanner<Void, Void> {
        private final String file;
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Deque<String> classes = new ArrayDeque<>();

        Scanner(String file, CompilationUnitTree unit, SourcePositions positions) {
            this.file = file;
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree node, Void unused) {
            classes.addLast(node.getSimpleName().toString());
            if (node.getKind() == Tree.Kind.RECORD) {
                put(Kind.PARAMETERS, "", (int) components(node));
            }
            super.visitClass(node, null);
            classes.removeLast();
            return null;
        }

        @Override
        public Void visitMethod(MethodTree node, Void unused) {
            boolean constructor = node.getName().contentEquals("<init>");
            String name = constructor ? "new" : node.getName().toString();
            if (constructor) {
                put(Kind.PARAMETERS, "", node.getParameters().size());
            }
            if (node.getBody() != null) {
                put(Kind.METHOD, name, lines(node.getBody()));
            }
            return super.visitMethod(node, null);
        }

        private long components(ClassTree node) {
            return node.getMembers().stream()
                    .filter(VariableTree.class::isInstance)
                    .map(VariableTree.class::cast)
                    .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .count();
        }

        private int lines(BlockTree body) {
            long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, body));
            long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, body) - 1);
            return (int) (last - first + 1);
        }

        private void put(Kind kind, String member, int size) {
            String type = classes.stream().filter(name -> !name.isEmpty()).collect(Collectors.joining("."));
            String name = member.isEmpty() ? type : type + '.' + member;
            sizes.merge(new Place(kind, file, name), size, Math::max);
        }
    }
}
