package dev.fieldproof.benchmarks.scenario;

import java.io.IOException;

/** One chapter of the field day. Deterministic for the day's seed and inputs. */
interface Step {
    /**
     * Lives through the chapter.
     *
     * @param day what earlier chapters left, and where this one leaves its own
     * @return what was measured and which invariants held
     * @throws IOException if an input cannot be read or an output cannot be written
     */
    Chapter run(Day day) throws IOException;
}
