package dev.fieldproof.benchmarks.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds method bodies by their indentation, which the formatter guarantees: a member opens at four, eight or twelve
 * spaces and its closing brace stands alone at the same column.
 */
final class Methods {
    private static final Pattern OPENING = Pattern.compile("^( {4}| {8}| {12})(?! |}|@|//|\\*)(.*)$");
    private static final Pattern NOT_A_MEMBER = Pattern.compile(
            "^(if|for|while|do|try|switch|synchronized|else|return|throw|case|default|assert|yield|new)\\b.*");
    private static final Pattern A_TYPE = Pattern.compile("^([\\w ]* )?(class|interface|enum|record)\\b.*");
    private static final Pattern A_METHOD = Pattern.compile("^[\\w<>\\[\\], .?@&]+\\(.*");

    private Methods() {}

    /** A method's lines, the first counted from 1. */
    record Span(int firstLine, int lines) {}

    static List<Span> in(List<String> lines) {
        List<Span> methods = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher opening = OPENING.matcher(lines.get(i));
            if (opening.matches() && isMethod(opening.group(2))) {
                int end = end(lines, i, opening.group(1));
                if (end > i) {
                    methods.add(new Span(i + 1, end - i + 1));
                    i = end;
                }
            }
        }
        return methods;
    }

    private static boolean isMethod(String text) {
        return A_METHOD.matcher(text).matches()
                && !NOT_A_MEMBER.matcher(text).matches()
                && !A_TYPE.matcher(text).matches();
    }

    /** The line of the closing brace, or -1 if the declaration has no body. */
    private static int end(List<String> lines, int from, String indent) {
        int signatureEnd = from;
        while (signatureEnd < lines.size()
                && !lines.get(signatureEnd).endsWith("{")
                && !lines.get(signatureEnd).endsWith(";")
                && !lines.get(signatureEnd).endsWith("}")) {
            signatureEnd++;
        }
        if (signatureEnd == lines.size() || !lines.get(signatureEnd).endsWith("{")) {
            return -1;
        }
        for (int i = signatureEnd + 1; i < lines.size(); i++) {
            if (lines.get(i).equals(indent + "}")) {
                return i;
            }
            if (!lines.get(i).isBlank() && !lines.get(i).startsWith(indent)) {
                return -1;
            }
        }
        return -1;
    }
}
