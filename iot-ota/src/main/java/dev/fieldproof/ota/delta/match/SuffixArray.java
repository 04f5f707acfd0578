package dev.fieldproof.ota.delta.match;

import java.util.Arrays;

/**
 * Suffix array in linear time by induced sorting: G. Nong, S. Zhang, W. H. Chan, "Two Efficient Algorithms for Linear
 * Time Suffix Array Construction", IEEE Transactions on Computers 60(10), 2011. The reduced string of each level lives
 * in the unused end of the array itself, so beside text and array only buckets and one bit per symbol are needed.
 */
public final class SuffixArray {
    private final char[] chars;
    private final int[] words;
    private final int from;
    private final int length;
    private final int alphabet;
    private final int[] sa;
    private final long[] sType;
    private final int[] counts;
    private final int[] bucket;

    private SuffixArray(char[] chars, int[] words, int from, int length, int alphabet, int[] sa) {
        this.chars = chars;
        this.words = words;
        this.from = from;
        this.length = length;
        this.alphabet = alphabet;
        this.sa = sa;
        this.sType = new long[(length + 63) / 64];
        this.counts = new int[alphabet];
        this.bucket = new int[alphabet];
    }

    /**
     * Sorts all suffixes.
     *
     * @param text symbols below {@code alphabet}; the last one is 0 and occurs nowhere else
     * @param alphabet number of different symbols, at least 1
     * @return start of each suffix, in lexicographic order
     */
    public static int[] sort(char[] text, int alphabet) {
        int[] sa = new int[text.length];
        if (text.length > 1) {
            new SuffixArray(text, sa, 0, text.length, alphabet, sa).run();
        }
        return sa;
    }

    private int at(int i) {
        return chars.length != 0 ? chars[i] : words[from + i];
    }

    private boolean isS(int i) {
        return (sType[i >>> 6] & (1L << i)) != 0;
    }

    private boolean isLms(int i) {
        return i > 0 && isS(i) && !isS(i - 1);
    }

    private void run() {
        classify();
        Arrays.fill(sa, 0, length, -1);
        bucketEnds();
        for (int i = 1; i < length; i++) {
            if (isLms(i)) {
                sa[--bucket[at(i)]] = i;
            }
        }
        induce();
        int lms = 0;
        for (int i = 0; i < length; i++) {
            if (isLms(sa[i])) {
                sa[lms++] = sa[i];
            }
        }
        int names = name(lms);
        int reduced = length - lms;
        if (names < lms) {
            new SuffixArray(new char[0], sa, reduced, lms, names, sa).run();
        } else {
            for (int i = 0; i < lms; i++) {
                sa[sa[reduced + i]] = i;
            }
        }
        placeSortedLms(lms);
        induce();
    }

    private void classify() {
        sType[(length - 1) >>> 6] |= 1L << (length - 1);
        counts[at(length - 1)]++;
        for (int i = length - 2; i >= 0; i--) {
            int c = at(i);
            int next = at(i + 1);
            counts[c]++;
            if (c < next || (c == next && isS(i + 1))) {
                sType[i >>> 6] |= 1L << i;
            }
        }
    }

    private void bucketStarts() {
        int sum = 0;
        for (int c = 0; c < alphabet; c++) {
            bucket[c] = sum;
            sum += counts[c];
        }
    }

    private void bucketEnds() {
        int sum = 0;
        for (int c = 0; c < alphabet; c++) {
            sum += counts[c];
            bucket[c] = sum;
        }
    }

    private void induce() {
        bucketStarts();
        for (int i = 0; i < length; i++) {
            int j = sa[i] - 1;
            if (j >= 0 && !isS(j)) {
                sa[bucket[at(j)]++] = j;
            }
        }
        bucketEnds();
        for (int i = length - 1; i >= 0; i--) {
            int j = sa[i] - 1;
            if (j >= 0 && isS(j)) {
                sa[--bucket[at(j)]] = j;
            }
        }
    }

    /** Gives equal LMS substrings equal names; leaves the reduced string in the last {@code lms} entries. */
    private int name(int lms) {
        Arrays.fill(sa, lms, length, -1);
        int names = 0;
        int previous = -1;
        for (int i = 0; i < lms; i++) {
            int position = sa[i];
            if (previous < 0 || !sameLmsSubstring(previous, position)) {
                names++;
            }
            previous = position;
            sa[lms + position / 2] = names - 1;
        }
        int to = length;
        for (int i = length - 1; i >= lms; i--) {
            if (sa[i] >= 0) {
                sa[--to] = sa[i];
            }
        }
        return names;
    }

    private boolean sameLmsSubstring(int a, int b) {
        for (int d = 0; ; d++) {
            if (a + d >= length || b + d >= length || at(a + d) != at(b + d) || isS(a + d) != isS(b + d)) {
                return false;
            }
            if (d > 0 && (isLms(a + d) || isLms(b + d))) {
                return isLms(a + d) && isLms(b + d);
            }
        }
    }

    private void placeSortedLms(int lms) {
        int to = length - lms;
        for (int i = 1; i < length; i++) {
            if (isLms(i)) {
                sa[to++] = i;
            }
        }
        for (int i = 0; i < lms; i++) {
            sa[i] = sa[length - lms + sa[i]];
        }
        Arrays.fill(sa, lms, length, -1);
        bucketEnds();
        for (int i = lms - 1; i >= 0; i--) {
            int position = sa[i];
            sa[i] = -1;
            sa[--bucket[at(position)]] = position;
        }
    }
}
