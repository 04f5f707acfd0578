package dev.fieldproof.benchmarks.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom, and what production code never does. */
class ArchitectureTest {
    private static final String HOUSE = "dev.fieldproof..";
    private static final String BENCHMARKS = "dev.fieldproof.benchmarks..";
    private static final String CLI = "dev.fieldproof.*.cli..";
    private static JavaClasses classes = new ClassFileImporter().importPaths(List.of());

    @BeforeAll
    static void read() {
        List<Path> outputs = Repository.MODULES.stream()
                .map(module -> Repository.root().resolve(module).resolve("target/classes"))
                .filter(Files::isDirectory)
                .toList();
        classes = new ClassFileImporter().importPaths(outputs);
    }

    private static DescribedPredicate<JavaClass> ours() {
        return resideInAPackage(HOUSE);
    }

    @Test
    void siblingsNeverImportEachOther() {
        List<String> siblings = List.of("core", "crdt", "ota", "geo", "serial", "sparkplug");
        for (String module : siblings) {
            String own = "dev.fieldproof." + module + "..";
            String[] allowed = module.equals("geo") ? new String[] {own} : new String[] {own, "dev.fieldproof.core.."};
            noClasses()
                    .that()
                    .resideInAPackage(own)
                    .should()
                    .dependOnClassesThat(ours().and(resideOutsideOfPackages(allowed)))
                    .allowEmptyShould(true)
                    .check(classes);
        }
    }

    @Test
    void thirdPartyLibrariesStayInTheirRooms() {
        Map<String, String[]> rooms = Map.of(
                "com.hivemq..", new String[] {"dev.fieldproof.core.transport.mqtt.."},
                "io.micrometer..", new String[] {"dev.fieldproof.core.health.micrometer.."},
                "org.bouncycastle..", new String[] {"dev.fieldproof.ota.."},
                "io.sigpipe..", new String[] {"dev.fieldproof.ota.delta.."},
                "org.apache.commons.compress..", new String[] {"dev.fieldproof.ota.delta.."},
                "org.locationtech.jts..", new String[] {"dev.fieldproof.geo.."},
                "com.fazecast..", new String[] {"dev.fieldproof.serial.port.."},
                "picocli..", new String[] {CLI});
        rooms.forEach((library, room) -> noClasses()
                .that(ours().and(resideOutsideOfPackages(room)).and(resideOutsideOfPackages(BENCHMARKS)))
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .check(classes));
    }

    @Test
    void thePublicApiShowsNoThirdPartyTypes() {
        String[] seen = {"java..", "javax.net..", HOUSE, "org.jspecify.."};
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(ours().and(resideOutsideOfPackages(BENCHMARKS, CLI))
                        .and(DescribedPredicate.describe(
                                "are public", c -> c.getModifiers().contains(JavaModifier.PUBLIC)))
                        // the one adapter for people who work with JTS themselves
                        .and(DescribedPredicate.describe(
                                "are not the JTS adapter",
                                c -> !c.getSimpleName().equals("JtsGeometries"))))
                .should()
                .haveRawReturnType(DescribedPredicate.describe(
                        "a type of the JDK or ours",
                        type -> type.getBaseComponentType().isPrimitive()
                                || resideInAnyPackage(seen).test(type.getBaseComponentType())))
                .check(classes);
    }

    @Test
    void timeAndChanceAreHandedIn() {
        noClasses()
                .that(ours().and(resideOutsideOfPackages(BENCHMARKS, CLI)))
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(java.util.UUID.class, "randomUUID")
                .check(classes);
    }

    @Test
    void librariesNeitherPrintNorExit() {
        noClasses()
                .that(ours().and(resideOutsideOfPackages(BENCHMARKS, CLI)))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(classes);
    }

    @Test
    void failuresHaveATypeOfTheirOwn() {
        noMethods()
                .that()
                .areDeclaredInClassesThat(ours())
                .and()
                .areDeclaredInClassesThat()
                .resideOutsideOfPackage("..benchmarks.jmh..") // called by a harness, which handles what it throws
                .and()
                .arePublic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .declareThrowableOfType(Exception.class)
                .orShould()
                .declareThrowableOfType(Throwable.class)
                .check(classes);
    }

    @Test
    void commandLinesAreNotLibraries() {
        noClasses()
                .that(ours().and(resideOutsideOfPackages(CLI)))
                .should()
                .dependOnClassesThat(resideInAPackage(CLI))
                .check(classes);
    }

    @Test
    void everyModuleIsSeen() {
        classes().that(ours()).should().resideInAPackage(HOUSE).check(classes);
        long modules = classes.stream()
                .map(c -> c.getPackageName().split("\\.", -1)[2])
                .distinct()
                .count();
        assertEquals(Repository.MODULES.size(), modules);
    }
}
