package io.spillway.tidy;

import com.sun.source.tree.AssertTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * Finds what has no place on the packet's way in one compiled-but-not-emitted source file.
 *
 * <p>Left alone: initializers, {@link ColdMethods}, exceptions being thrown, and the detail of an
 * {@code assert}.
 */
final class PacketsWayScanner extends TreePathScanner<Void, Void> {

    private final Trees trees;
    private final Types types;
    private final Elements elements;
    private final CompilationUnitTree unit;
    private final String file;
    private final TidyRules rules;
    private final Set<Element> cold;
    private final Set<String> findings = new TreeSet<>();
    private String method = "";
    private boolean isHot;
    private boolean isCopyAllowed;

    PacketsWayScanner(JavacTask task, CompilationUnitTree unit, String file, TidyRules rules) {
        this.trees = Trees.instance(task);
        this.types = task.getTypes();
        this.elements = task.getElements();
        this.unit = unit;
        this.file = file;
        this.rules = rules;
        this.cold = ColdMethods.of(unit, trees, types);
    }

    Set<String> findings() {
        scan(unit, null);
        return findings;
    }

    @Override
    public Void visitClass(ClassTree tree, Void unused) {
        return rules.isCold(tree.getSimpleName().toString()) ? null : super.visitClass(tree, null);
    }

    @Override
    public Void visitVariable(VariableTree tree, Void unused) {
        boolean isShared = file.matches(TidyRules.SHARED_MEMORY_FILES);
        if (tree.getModifiers().getFlags().contains(Modifier.VOLATILE) && !isShared) {
            find(tree, "volatile field; only buffer, agent and observe share memory (STYLE 18)");
        }
        return super.visitVariable(tree, null);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void unused) {
        if (tree.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
            find(tree, "synchronized method; one owner at a time, no locks (STYLE 18)");
        }
        String outerMethod = method;
        boolean wasHot = isHot;
        boolean wasCopyAllowed = isCopyAllowed;
        ExecutableElement element = (ExecutableElement) trees.getElement(getCurrentPath());
        method = element.getEnclosingElement().getSimpleName() + "." + tree.getName();
        isHot = !cold.contains(element) && !rules.isCold(method);
        isCopyAllowed = rules.mayCopy(method);
        super.visitMethod(tree, null);
        method = outerMethod;
        isHot = wasHot;
        isCopyAllowed = wasCopyAllowed;
        return null;
    }

    @Override
    public Void visitSynchronized(SynchronizedTree tree, Void unused) {
        find(tree, "synchronized block; one owner at a time, no locks (STYLE 18)");
        return super.visitSynchronized(tree, null);
    }

    @Override
    public Void visitThrow(ThrowTree tree, Void unused) {
        return null;
    }

    @Override
    public Void visitAssert(AssertTree tree, Void unused) {
        return scan(tree.getCondition(), null);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree tree, Void unused) {
        if (trees.getElement(getCurrentPath()) instanceof ExecutableElement called) {
            check(tree, called);
            checkVarargs(tree, called);
        }
        return super.visitMethodInvocation(tree, null);
    }

    @Override
    public Void visitNewClass(NewClassTree tree, Void unused) {
        if (trees.getElement(getCurrentPath()) instanceof ExecutableElement called) {
            check(tree, called);
        }
        return super.visitNewClass(tree, null);
    }

    @Override
    public Void visitMemberReference(MemberReferenceTree tree, Void unused) {
        if (trees.getElement(getCurrentPath()) instanceof ExecutableElement called) {
            check(tree, called);
        }
        return super.visitMemberReference(tree, null);
    }

    @Override
    public Void visitBinary(BinaryTree tree, Void unused) {
        TypeMirror type = trees.getTypeMirror(getCurrentPath());
        boolean isText =
                tree.getKind() == Tree.Kind.PLUS
                        && type != null
                        && type.toString().equals("java.lang.String");
        if (isHot && isText) {
            find(tree, "text put together; a DropReason or a number (STYLE 14)");
        }
        return super.visitBinary(tree, null);
    }

    private void check(Tree tree, ExecutableElement called) {
        if (!isHot) {
            return;
        }
        checkBans(tree, called, rules.calls());
        if (!isCopyAllowed && !isCopyOfNumbers(tree)) {
            checkBans(tree, called, rules.copies());
            if (takesBytes(called)) {
                checkBans(tree, called, rules.byteBufferCopies());
            }
        }
    }

    private void checkBans(Tree tree, ExecutableElement called, List<Ban> bans) {
        for (Ban ban : bans) {
            boolean isNamed =
                    ban.method().equals("*") || called.getSimpleName().contentEquals(ban.method());
            if (isNamed && belongsTo(called, ban.owner())) {
                find(tree, ban.toString());
            }
        }
    }

    /** Of an array of ints or references: a table of ours, no packet's bytes. */
    private boolean isCopyOfNumbers(Tree tree) {
        if (!(tree instanceof MethodInvocationTree call) || call.getArguments().isEmpty()) {
            return false;
        }
        TreePath argument = new TreePath(getCurrentPath(), call.getArguments().getFirst());
        return trees.getTypeMirror(argument) instanceof ArrayType array
                && array.getComponentType().getKind() != TypeKind.BYTE;
    }

    /** A library's own map is not banned for being a {@link java.util.Map}. */
    private boolean belongsTo(ExecutableElement called, String owner) {
        TypeElement banned = elements.getTypeElement(owner);
        TypeElement declaring = (TypeElement) called.getEnclosingElement();
        boolean isJdk = declaring.getQualifiedName().toString().startsWith("java.");
        return banned != null
                && isJdk == owner.startsWith("java.")
                && types.isSubtype(
                        types.erasure(declaring.asType()), types.erasure(banned.asType()));
    }

    private static boolean takesBytes(ExecutableElement called) {
        return called.getParameters().stream()
                .map(parameter -> parameter.asType())
                .anyMatch(t -> t.getKind() == TypeKind.ARRAY || t.getKind() == TypeKind.DECLARED);
    }

    /** Method handles look variadic and are not. */
    private void checkVarargs(MethodInvocationTree tree, ExecutableElement called) {
        Element owner = called.getEnclosingElement();
        boolean isHandle = owner.toString().startsWith("java.lang.invoke.");
        if (isHot && called.isVarArgs() && !isHandle) {
            find(
                    tree,
                    "variadic call of " + called.getSimpleName() + "; makes an array (STYLE 14)");
        }
    }

    private void find(Tree tree, String problem) {
        long position = trees.getSourcePositions().getStartPosition(unit, tree);
        long line = unit.getLineMap().getLineNumber(position);
        findings.add(file + ":" + line + ": " + (method.isEmpty() ? "" : method + ": ") + problem);
    }
}
