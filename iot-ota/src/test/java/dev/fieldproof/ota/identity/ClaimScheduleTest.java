package dev.fieldproof.ota.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every order of messages, with every fault at every place, in small scopes: each scope is enumerated to its end. Three
 * scopes of several hundred thousand schedules more run when {@code fieldproof.runs} is above 1.
 */
class ClaimScheduleTest {
    private static final ClaimEnumeration.Scope SMALL = new ClaimEnumeration.Scope(1, 1, 0, 1, 1, 0, 0);

    private static final Set<ClaimLedger.Mutant> NONE = EnumSet.noneOf(ClaimLedger.Mutant.class);
    private static final Set<ClaimWorld.DeviceMutant> NO_DEVICE = EnumSet.noneOf(ClaimWorld.DeviceMutant.class);

    /** Devices, losses, doubles, device cuts, service cuts, expiries, early retries. */
    static List<ClaimEnumeration.Scope> scopes() {
        List<ClaimEnumeration.Scope> scopes = new ArrayList<>(List.of(
                new ClaimEnumeration.Scope(1, 1, 1, 0, 1, 1, 0),
                new ClaimEnumeration.Scope(1, 2, 0, 2, 0, 0, 1),
                new ClaimEnumeration.Scope(1, 0, 0, 2, 2, 1, 0),
                new ClaimEnumeration.Scope(2, 1, 0, 0, 1, 0, 0)));
        if (Integer.getInteger("fieldproof.runs", 1) > 1) {
            scopes.add(new ClaimEnumeration.Scope(1, 0, 1, 1, 1, 1, 0));
            scopes.add(new ClaimEnumeration.Scope(1, 1, 0, 1, 1, 1, 1));
            scopes.add(new ClaimEnumeration.Scope(1, 1, 1, 1, 0, 0, 1));
        }
        return scopes;
    }

    @Test
    void everyScheduleLeavesOneIdentity() throws IOException {
        long schedules = 0;
        for (ClaimEnumeration.Scope scope : scopes()) {
            ClaimEnumeration.Tally tally = ClaimEnumeration.run(scope, NONE, NO_DEVICE, Long.MAX_VALUE);
            assertEquals(0, tally.bad(), scope + " " + tally.first());
            schedules += tally.schedules();
        }
        assertTrue(schedules >= 130_000, schedules + " schedules");
    }

    static List<Arguments> mutants() {
        return List.of(
                Arguments.of(EnumSet.of(ClaimLedger.Mutant.CREATE_NOT_KEYED), NO_DEVICE),
                Arguments.of(EnumSet.of(ClaimLedger.Mutant.REGISTER_NOT_KEYED), NO_DEVICE),
                Arguments.of(EnumSet.of(ClaimLedger.Mutant.TWO_TRANSACTIONS), NO_DEVICE),
                Arguments.of(NONE, EnumSet.of(ClaimWorld.DeviceMutant.KEY_NOT_DURABLE)),
                Arguments.of(
                        EnumSet.of(ClaimLedger.Mutant.NOTHING_EXPIRES),
                        EnumSet.of(ClaimWorld.DeviceMutant.KEY_AFTER_SEND)));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void whatLacksOneRuleIsCaught(Set<ClaimLedger.Mutant> wrong, Set<ClaimWorld.DeviceMutant> wrongDevice)
            throws IOException {
        ClaimEnumeration.Tally tally = ClaimEnumeration.run(SMALL, wrong, wrongDevice, 200_000);
        assertTrue(tally.bad() > 0, "survives " + tally.schedules() + " schedules");
    }
}
