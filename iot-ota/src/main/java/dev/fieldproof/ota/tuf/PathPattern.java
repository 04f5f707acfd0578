package dev.fieldproof.ota.tuf;

/**
 * The shell patterns of target paths (TUF 1.0, PATHPATTERN): {@code *}, {@code ?} and {@code [...]}, none of which
 * matches a {@code /}. A character is a code point.
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
            if (!matchesPart(
                    patternParts[i].codePoints().toArray(),
                    pathParts[i].codePoints().toArray())) {
                return false;
            }
        }
        return true;
    }

    /** Goes back only to the last star, so that no pattern takes more than quadratic time. */
    private static boolean matchesPart(int[] pattern, int[] text) {
        int p = 0;
        int t = 0;
        int starAt = -1;
        int starText = 0;
        while (t < text.length) {
            int next = p < pattern.length ? matchOne(pattern, p, text[t]) : -1;
            if (p < pattern.length && pattern[p] == '*') {
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
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }

    /** Where the pattern goes on after matching one character, or -1 if it does not match. */
    private static int matchOne(int[] pattern, int p, int c) {
        if (pattern[p] == '?') {
            return p + 1;
        }
        if (pattern[p] == '[') {
            boolean negated = p + 1 < pattern.length && pattern[p + 1] == '!';
            int from = p + (negated ? 2 : 1);
            int end = from + 1; // a bracket that comes first is a member of the set
            while (end < pattern.length && pattern[end] != ']') {
                end++;
            }
            if (end < pattern.length) {
                return inSet(pattern, from, end, c) != negated ? end + 1 : -1;
            }
        }
        return pattern[p] == c ? p + 1 : -1;
    }

    private static boolean inSet(int[] pattern, int from, int end, int c) {
        int i = from;
        while (i < end) {
            if (i + 2 < end && pattern[i + 1] == '-') {
                if (pattern[i] <= c && c <= pattern[i + 2]) {
                    return true;
                }
                i += 3;
            } else if (pattern[i++] == c) {
                return true;
            }
        }
        return false;
    }
}
