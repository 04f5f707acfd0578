package dev.fieldproof.benchmarks.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The house rules that a reader of plain text can check: sizes, names, and words that do not belong here. */
class TidyTest {
    private static final int MAX_COLUMNS = 120;
    private static final int MAX_FILE_LINES = 600;
    private static final int MAX_METHOD_LINES = 70;
    private static final Set<String> TEXT =
            Set.of("java", "xml", "md", "sh", "kml", "svg", "html", "c", "h", "txt", "");
    private static final Set<String> NAMELESS_ROOMS = Set.of("util", "utils", "common", "helper", "helpers", "manager");

    /** Assembled here, so that this file does not hold what it forbids. */
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");

    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.])/(root|home/[a-z]+|work|opt/[a-z]+|Users/\\w+)/" + "|[A-Z]:\\\\");
    private static final Pattern SLEEP =
            Pattern.compile("Thread\\.sl" + "eep\\(|@Dis" + "abled|assumeTrue\\(fal" + "se");

    @Test
    void theFoldersAreTheSevenModules() {
        List<String> modules = Repository.files("pom.xml").stream()
                .filter(pom -> pom.getNameCount() == 2)
                .map(pom -> pom.getName(0).toString())
                .sorted()
                .toList();
        assertEquals(Repository.MODULES.stream().sorted().toList(), modules);
    }

    @Test
    void filesFitTheirSize() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Repository.files(".java")) {
            List<String> lines = Repository.lines(file);
            if (lines.size() > MAX_FILE_LINES) {
                tooLong.add(file + " has " + lines.size() + " lines");
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > MAX_COLUMNS) {
                    tooLong.add(file + ":" + (i + 1) + " has " + lines.get(i).length() + " columns");
                }
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    void methodsFitOneScreen() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : Repository.files(".java")) {
            for (Methods.Span method : Methods.in(Repository.lines(file))) {
                if (method.lines() > MAX_METHOD_LINES) {
                    tooLong.add(file + ":" + method.firstLine() + " has " + method.lines() + " lines");
                }
            }
        }
        assertEquals(List.of(), tooLong);
    }

    @Test
    void namesSayWhatAThingIs() {
        List<String> nameless = new ArrayList<>();
        for (Path file : Repository.files(".java")) {
            for (Path part : file) {
                String name = part.toString().toLowerCase(Locale.ROOT);
                if (NAMELESS_ROOMS.contains(name)) {
                    nameless.add(file.toString());
                }
            }
            String type = file.getFileName().toString().replace(".java", "");
            if (type.matches(".*(Util|Utils|Common|Helper|Helpers|Manager|Impl)")) {
                nameless.add(file.toString());
            }
            if (type.endsWith("Properties") && file.toString().contains("src/test")) {
                nameless.add(file + ": surefire skips this name, call it *PropertyTest");
            }
        }
        assertEquals(List.of(), nameless);
    }

    @Test
    void wordsThatDoNotBelongHereAreAbsent() {
        List<String> found = new ArrayList<>();
        for (Path file : Repository.files()) {
            String name = file.getFileName().toString();
            String extension = name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
            if (!TEXT.contains(extension)) {
                continue;
            }
            List<String> lines = Repository.lines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                if (UNFINISHED.matcher(line).find()
                        || MACHINE_PATH.matcher(line).find()
                        || SLEEP.matcher(line).find()) {
                    found.add(file + ":" + (i + 1) + ": " + line.strip());
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void whatIsPublicIsDocumented() {
        List<String> undocumented = new ArrayList<>();
        for (Path file : Repository.files(".java")) {
            String path = file.toString();
            if (!path.contains("src/main/java") || path.contains("/cli/") || path.endsWith("module-info.java")) {
                continue;
            }
            for (int line : Documentation.missing(Repository.lines(file))) {
                undocumented.add(file + ":" + line);
            }
        }
        assertEquals(List.of(), undocumented);
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        List<String> silent = Repository.files(".java").stream()
                .filter(file -> file.toString().contains("src/main/java/dev"))
                .map(Path::getParent)
                .distinct()
                .filter(directory -> !Repository.files().contains(directory.resolve("package-info.java")))
                .map(Path::toString)
                .toList();
        assertEquals(List.of(), silent);
    }

    @Test
    void anUndocumentedMemberWouldBeFound() {
        List<String> lines = List.of(
                "/** Documented. */",
                "public interface A {",
                "    /** Documented. */",
                "    @Deprecated",
                "    void f();",
                "",
                "    void g();",
                "",
                "    @Override",
                "    String toString();",
                "}");
        assertEquals(List.of(7), Documentation.missing(lines));
        assertEquals(List.of(1), Documentation.missing(List.of("public final class B {}")));
        assertEquals(List.of(), Documentation.missing(List.of("final class C {", "    public int d;", "}")));
    }

    @Test
    void aLongMethodWouldBeFound() {
        List<String> lines = new ArrayList<>(List.of("class A {", "    void f() {"));
        for (int i = 0; i < MAX_METHOD_LINES; i++) {
            lines.add("        g();");
        }
        lines.addAll(List.of("    }", "}"));
        List<Methods.Span> methods = Methods.in(lines);
        assertEquals(1, methods.size());
        assertEquals(MAX_METHOD_LINES + 2, methods.get(0).lines());
    }

    @Test
    void theScanFindsThisFile() {
        assertFalse(Repository.files("TidyTest.java").isEmpty());
    }
}
