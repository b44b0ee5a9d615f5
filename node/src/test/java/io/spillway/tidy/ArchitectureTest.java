package io.spillway.tidy;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Selector;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dependency rule: imports run one way, between the modules and inside {@code dataplane}. */
class ArchitectureTest {

    private static final String ROOT = "io.spillway.";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.spillway");

    /** What a package may use of ours beside itself; packages below belong to it. */
    record Room(String name, List<String> uses) {

        static Room of(String name, String... uses) {
            return new Room(name, List.of(uses));
        }

        ArchRule rule() {
            return noClasses()
                    .that()
                    .resideInAPackage(ROOT + name + "..")
                    .should()
                    .dependOnClassesThat(stranger())
                    .allowEmptyShould(true)
                    .because(name + " may use of ours only " + (uses.isEmpty() ? "itself" : uses));
        }

        private DescribedPredicate<JavaClass> stranger() {
            String[] known =
                    Stream.concat(Stream.of(name), uses.stream())
                            .map(used -> ROOT + used + "..")
                            .toArray(String[]::new);
            return DescribedPredicate.and(
                    resideInAnyPackage("io.spillway.."),
                    DescribedPredicate.not(resideInAnyPackage(known)));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Room> rooms() {
        return Stream.of(
                Room.of("tap"),
                Room.of("crypto"),
                Room.of("routing"),
                Room.of("dataplane", "tap", "crypto", "routing"),
                Room.of("control", "crypto", "routing"),
                Room.of("node", "tap", "crypto", "routing", "dataplane", "control"),
                dataplane("observe"),
                dataplane("buffer", "observe"),
                dataplane("header", "buffer", "observe"),
                dataplane("flow", "header", "buffer", "observe"),
                dataplane("segment", "header", "buffer", "observe"),
                dataplane("shape", "segment", "header", "buffer", "observe"),
                dataplane("port", "segment", "flow", "header", "buffer", "observe"),
                dataplane("wan", "flow", "header", "buffer", "observe"),
                dataplane("forward", "shape", "segment", "flow", "header", "buffer", "observe"),
                dataplane("firewall", "forward", "segment", "flow", "header", "buffer", "observe"),
                dataplane(
                        "path",
                        "port",
                        "wan",
                        "firewall",
                        "forward",
                        "segment",
                        "flow",
                        "header",
                        "buffer",
                        "observe"));
    }

    private static Room dataplane(String name, String... siblings) {
        List<String> uses =
                Stream.concat(
                                Stream.of("tap", "crypto", "routing"),
                                Stream.of(siblings).map(sibling -> "dataplane." + sibling))
                        .toList();
        return new Room("dataplane." + name, uses);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void shouldUseOnlyWhatLiesBelow(Room room) {
        room.rule().check(CLASSES);
    }

    @Test
    void shouldKeepSiteAndPopApart() {
        apart("node.site", "node.pop").check(CLASSES);
        apart("node.pop", "node.site").check(CLASSES);
    }

    /** The shared life of daemons knows neither of them; the command line and the lab know both. */
    @Test
    void shouldNotUseProgramsFromWhatTheyShare() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "node")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "node.site..",
                        ROOT + "node.pop..",
                        ROOT + "node.cli..",
                        ROOT + "node.lab..")
                .check(CLASSES);
    }

    @Test
    void shouldHaveStateMachinesWithoutSocketsAndThreads() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "control..", ROOT + "routing..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.channel..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(NetworkChannel.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, Socket.class, DatagramSocket.class, Selector.class)
                .check(CLASSES);
    }

    @Test
    void shouldRefuseWhatBreaksTheRule() {
        ArchRule cliMayUseNothing = Room.of("node.cli").rule();

        assertFalse(CLASSES.isEmpty());
        assertThrows(AssertionError.class, () -> cliMayUseNothing.check(CLASSES));
        assertThrows(AssertionError.class, () -> apart("node.cli", "crypto").check(CLASSES));
    }

    private static ArchRule apart(String one, String other) {
        return noClasses()
                .that()
                .resideInAPackage(ROOT + one + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + other + "..")
                .allowEmptyShould(true);
    }
}
