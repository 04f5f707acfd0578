package dev.fieldproof.serial.deflate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of the input that is compressed by itself, with what lies before it as its window: all its matches are found
 * once, then the cheapest way through them is found again and again, as its own result says better what things cost.
 * Not thread-safe.
 */
final class Segment {
    /** Longest segment; more would overflow the costs. */
    static final int MAX_BYTES = 1 << 18;

    private static final int ROUNDS = 4;

    private final byte[] bytes;
    private final int from;
    private final int end;

    /** For each byte, where its matches end in {@link #matches}. */
    private final int[] matchEnds;

    private final int[] costs;
    private final int[] choices;
    private int[] matches;

    /**
     * Finds the matches.
     *
     * @param bytes holds the segment
     * @param floor no match reaches before it
     * @param from where the segment begins
     * @param end where it ends, at most {@link #MAX_BYTES} later
     */
    Segment(byte[] bytes, int floor, int from, int end) {
        this.bytes = bytes;
        this.from = from;
        this.end = end;
        matchEnds = new int[end - from];
        costs = new int[end - from + 1];
        choices = new int[end - from + 1];
        matches = new int[4 * (end - from) + 64];
        find(floor);
    }

    private void find(int floor) {
        int start = Math.max(floor, from - Symbols.WINDOW_BYTES);
        MatchFinder finder = new MatchFinder(bytes, start, end);
        int[] found = new int[2 * Symbols.MAX_LENGTH];
        for (int at = start; at < from; at++) {
            finder.find(at, found);
        }
        int count = 0;
        int covered = from;
        for (int at = from; at < end; at++) {
            int values = finder.find(at, found);
            int first = 0;
            if (at < covered) {
                // Within a match of full length nothing better is looked for: it would take long and gain nothing.
                values = 0;
            } else if (values > 0 && found[values - 2] == Symbols.MAX_LENGTH) {
                first = values - 2;
                covered = at + Symbols.MAX_LENGTH;
            }
            if (count + values > matches.length) {
                matches = Arrays.copyOf(matches, 2 * matches.length);
            }
            System.arraycopy(found, first, matches, count, values - first);
            count += values - first;
            matchEnds[at - from] = count;
        }
    }

    /** The whole segment as blocks. */
    List<Block> blocks() {
        Parse rough = parse(from, end, Costs.guess());
        Parse whole = parse(from, end, Costs.of(rough.counts(bytes)));
        List<Block> blocks = new ArrayList<>();
        for (Parse part : BlockSplit.split(bytes, whole)) {
            blocks.add(best(part));
        }
        return blocks;
    }

    private Block best(Parse first) {
        int last = first.end();
        Block best = Block.of(bytes, first);
        Parse now = first;
        for (int round = 0; round < ROUNDS; round++) {
            now = parse(first.from(), last, Costs.of(now.counts(bytes)));
            Block block = Block.of(bytes, now);
            if (block.bits() >= best.bits()) {
                break;
            }
            best = block;
        }
        return best;
    }

    /** The cheapest way from one place to another. */
    private Parse parse(int start, int stop, Costs prices) {
        int origin = from;
        Arrays.fill(costs, start - origin, stop - origin + 1, Integer.MAX_VALUE);
        costs[start - origin] = 0;
        for (int at = start - origin; at < stop - origin; at++) {
            int here = costs[at];
            int literal = here + prices.literals[bytes[origin + at] & 0xFF];
            if (literal < costs[at + 1]) {
                costs[at + 1] = literal;
                choices[at + 1] = Parse.step(1, 1);
            }
            int room = stop - origin - at;
            int length = Symbols.MIN_LENGTH;
            for (int i = at == 0 ? 0 : matchEnds[at - 1]; i < matchEnds[at]; i += 2) {
                int distance = matches[i + 1];
                int base = here + prices.distances[Symbols.ofDistance(distance)];
                for (int longest = Math.min(room, matches[i]); length <= longest; length++) {
                    int cost = base + prices.lengths[length];
                    if (cost < costs[at + length]) {
                        costs[at + length] = cost;
                        choices[at + length] = Parse.step(length, distance);
                    }
                }
            }
        }
        return walkBack(start, stop);
    }

    private Parse walkBack(int start, int stop) {
        int count = 0;
        for (int at = stop - from; at > start - from; at -= Parse.length(choices[at])) {
            count++;
        }
        int[] steps = new int[count];
        for (int at = stop - from; at > start - from; at -= Parse.length(choices[at])) {
            steps[--count] = choices[at];
        }
        return new Parse(start, steps);
    }
}
