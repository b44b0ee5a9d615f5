package io.spillway.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.util.Types;

/**
 * The methods of one source file that no packet passes, told without anybody's help: constructors,
 * {@code toString}, static factories, and private methods that only those, initializers and {@code
 * throw} statements call.
 */
final class ColdMethods extends TreePathScanner<Void, Void> {

    private final Trees trees;
    private final Types types;

    /** Private method to its callers; empty: an initializer or a throw statement. */
    private final Map<Element, Set<Optional<Element>>> callers = new HashMap<>();

    private final Set<Element> cold = new HashSet<>();
    private Optional<Element> caller = Optional.empty();

    private ColdMethods(Trees trees, Types types) {
        this.trees = trees;
        this.types = types;
    }

    static Set<Element> of(CompilationUnitTree unit, Trees trees, Types types) {
        ColdMethods methods = new ColdMethods(trees, types);
        methods.scan(unit, null);
        while (methods.spread()) {
            // until nothing new is cold
        }
        return methods.cold;
    }

    private boolean spread() {
        boolean grew = false;
        for (Map.Entry<Element, Set<Optional<Element>>> entry : callers.entrySet()) {
            boolean isCold =
                    entry.getValue().stream().allMatch(c -> c.isEmpty() || cold.contains(c.get()));
            grew |= isCold && cold.add(entry.getKey());
        }
        return grew;
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
        ExecutableElement element = (ExecutableElement) trees.getElement(getCurrentPath());
        if (runsOnce(element)) {
            cold.add(element);
        }
        Optional<Element> outer = caller;
        caller = Optional.of(element);
        super.visitMethod(tree, null);
        caller = outer;
        return null;
    }

    private boolean runsOnce(ExecutableElement element) {
        boolean isFactory =
                element.getModifiers().contains(Modifier.STATIC)
                        && types.isSameType(
                                types.erasure(element.getReturnType()),
                                types.erasure(element.getEnclosingElement().asType()));
        return element.getSimpleName().contentEquals("<init>")
                || element.getSimpleName().contentEquals("toString")
                || isFactory;
    }

    @Override
    public Void visitThrow(ThrowTree tree, Void unused) {
        Optional<Element> outer = caller;
        caller = Optional.empty();
        super.visitThrow(tree, null);
        caller = outer;
        return null;
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
        called(trees.getElement(getCurrentPath()));
        return super.visitMethodInvocation(tree, null);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree tree, Void unused) {
        called(trees.getElement(getCurrentPath()));
        return super.visitMemberReference(tree, null);
    }

    private void called(Element method) {
        if (method != null && method.getModifiers().contains(Modifier.PRIVATE)) {
            callers.computeIfAbsent(method, m -> new HashSet<>()).add(caller);
        }
    }
}
