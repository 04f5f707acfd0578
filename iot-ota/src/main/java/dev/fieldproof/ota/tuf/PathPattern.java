package dev.fieldproof.ota.tuf;

/**
 * The shell patterns of target paths (TUF 1.0, PATHPATTERN): {@code *}, {@code ?} and {@code [...]}, none of which
 * matches a {@code /}.
 */
final class PathPattern {
    private PathPattern() {}

    static boolean matches(String pattern, String path) {
        String[] patternParts = pattern.split("/", -1);
        String[] pathParts = path.split("/", -1);
        if (patternParts.length != pathParts.length) {
            return false;
        }
        for (int i = 0; i < pathParts.length; i++) {
            if (!matchesPart(patternParts[i], pathParts[i])) {
                return false;
            }
        }
        return true;
    }

    /** Goes back only to the last star, so that no pattern takes more than quadratic time. */
    private static boolean matchesPart(String pattern, String text) {
        int p = 0;
        int t = 0;
        int starAt = -1;
        int starText = 0;
        while (t < text.length()) {
            int next = p < pattern.length() ? matchOne(pattern, p, text.charAt(t)) : -1;
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                starAt = p++;
                starText = t;
            } else if (next >= 0) {
                p = next;
                t++;
            } else if (starAt >= 0) {
                p = starAt + 1;
                t = ++starText;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the pattern goes on after matching one character, or -1 if it does not match. */
    private static int matchOne(String pattern, int p, char c) {
        char first = pattern.charAt(p);
        if (first == '?') {
            return p + 1;
        }
        if (first == '[') {
            int end = pattern.indexOf(']', p + 2 + (p + 1 < pattern.length() && pattern.charAt(p + 1) == '!' ? 1 : 0));
            if (end > 0) {
                return inSet(pattern.substring(p + 1, end), c) ? end + 1 : -1;
            }
        }
        return first == c ? p + 1 : -1;
    }

    private static boolean inSet(String set, char c) {
        boolean negated = set.startsWith("!");
        boolean found = false;
        int i = negated ? 1 : 0;
        while (i < set.length()) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                found |= set.charAt(i) <= c && c <= set.charAt(i + 2);
                i += 3;
            } else {
                found |= set.charAt(i) == c;
                i++;
            }
        }
        return found != negated;
    }
}
