package dev.fieldproof.benchmarks.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Finds public members of public top-level types that have no documentation comment, by looking at formatted text. */
final class Documentation {
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("^public ([\\w-]+ )*(class|interface|enum|record|@interface)\\b.*");
    private static final Pattern INTERFACE = Pattern.compile("^public ([\\w-]+ )*interface\\b.*");
    private static final Pattern PUBLIC_MEMBER = Pattern.compile("^ {4}public .*");
    private static final Pattern INTERFACE_METHOD = Pattern.compile(
            "^ {4}(?! |private |@|return |throw |static .* = |\\*|/|\\}|\\))[\\w<>\\[\\], .?@]+ \\w+\\(.*");

    private Documentation() {}

    /** The numbers, from 1, of the lines that begin an undocumented member. */
    static List<Integer> missing(List<String> lines) {
        int type = 0;
        while (type < lines.size() && !PUBLIC_TYPE.matcher(lines.get(type)).matches()) {
            type++;
        }
        List<Integer> missing = new ArrayList<>();
        if (type == lines.size()) {
            return missing;
        }
        boolean isInterface = INTERFACE.matcher(lines.get(type)).matches();
        for (int i = type; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean member = i == type
                    || PUBLIC_MEMBER.matcher(line).matches()
                    || (isInterface && INTERFACE_METHOD.matcher(line).matches());
            if (member && !isDocumented(lines, i)) {
                missing.add(i + 1);
            }
        }
        return missing;
    }

    private static boolean isDocumented(List<String> lines, int declaration) {
        for (int i = declaration - 1; i >= 0; i--) {
            String line = lines.get(i).strip();
            if (line.startsWith("@Override") || line.endsWith("*/")) {
                return true;
            }
            if (line.isEmpty() || line.endsWith(";")) {
                return false;
            }
        }
        return false;
    }
}
