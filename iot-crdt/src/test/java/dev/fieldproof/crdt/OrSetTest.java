package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.GATEWAY;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrSetTest {
    private final OrSet<String> device = new OrSet<>(boot(DEVICE, 1));
    private final OrSet<String> cloud = new OrSet<>(boot(CLOUD, 1));

    @Test
    void aConcurrentAdditionOutlivesARemoval() {
        device.add("valve");
        cloud.merge(device);
        device.add("valve");
        cloud.remove("valve");
        cloud.merge(device);
        device.merge(cloud);
        assertTrue(cloud.contains("valve"));
        assertTrue(device.contains("valve"));
    }

    @Test
    void aRemovalTakesAwayWhatItHasSeenAndStaysAway() {
        device.add("valve");
        cloud.merge(device);
        OrSet<String> old = new OrSet<>(boot(GATEWAY, 1));
        old.merge(device);
        assertTrue(cloud.remove("valve"));
        assertFalse(cloud.remove("valve"));
        device.merge(cloud);
        device.merge(old);
        assertEquals(Set.of(), device.members());
    }

    @Test
    void holdsWhatAHashSetHoldsWhateverTheTableMoves() {
        SeededRuns.check(300, random -> {
            OrSet<Integer> set = new OrSet<>(boot(DEVICE, 1));
            Set<Integer> expected = new HashSet<>();
            for (int i = 0; i < 500; i++) {
                int member = random.nextInt(60) * (random.nextBoolean() ? 1 : 1 << 20);
                if (random.nextBoolean()) {
                    assertEquals(expected.add(member), set.add(member));
                } else {
                    assertEquals(expected.remove(member), set.remove(member));
                }
            }
            assertEquals(expected, set.members());
            assertEquals(expected.size(), set.size());
        });
    }

    /** A member whose hash says little, as of a class that was written badly. */
    private record Clumsy(int number) {
        @Override
        public int hashCode() {
            return number & 3;
        }
    }

    @Test
    void holdsMembersOfOneHash() {
        SeededRuns.check(300, random -> {
            OrSet<Clumsy> here = new OrSet<>(boot(DEVICE, 1));
            OrSet<Clumsy> there = new OrSet<>(boot(CLOUD, 1));
            Set<Clumsy> expected = new HashSet<>();
            for (int i = 0; i < 300; i++) {
                Clumsy member = new Clumsy(random.nextInt(40));
                OrSet<Clumsy> set = random.nextBoolean() ? here : there;
                if (random.nextInt(3) > 0) {
                    set.add(member);
                    expected.add(member);
                } else {
                    set.remove(member);
                    expected.remove(member);
                }
                // One after the other, so that nothing is concurrent.
                here.merge(there);
                there.merge(here);
                assertEquals(expected, here.members());
                assertEquals(expected, there.members());
            }
        });
    }

    @Test
    void everyMemberCanBeRemovedAndAddedAgain() {
        OrSet<Integer> set = new OrSet<>(boot(DEVICE, 1));
        for (int i = 0; i < 1000; i++) {
            set.add(i);
        }
        assertEquals(1000, set.size());
        for (int i = 0; i < 1000; i++) {
            assertTrue(set.remove(i));
            assertFalse(set.contains(i));
            assertTrue(set.add(i));
        }
        assertEquals(1000, set.size());
    }

    /** One random action of a history on three replicas. */
    private record Action(int replica, int kind, int member, int from) {}

    @Test
    void agreesWithTheNestableSetOnEveryHistory() {
        Boot[] writers = {boot(DEVICE, 1), boot(CLOUD, 1), boot(GATEWAY, 1)};
        SeededRuns.checkLists(
                100_000,
                random -> {
                    List<Action> actions = new ArrayList<>();
                    for (int i = 0; i < 20; i++) {
                        actions.add(
                                new Action(random.nextInt(3), random.nextInt(4), random.nextInt(4), random.nextInt(3)));
                    }
                    return actions;
                },
                actions -> {
                    List<OrSet<Integer>> sets = new ArrayList<>();
                    List<Replicated<AddWinsSet<Integer>>> models = new ArrayList<>();
                    for (Boot writer : writers) {
                        sets.add(new OrSet<>(writer));
                        models.add(Replicated.of(AddWinsSet.empty()));
                    }
                    for (Action a : actions) {
                        OrSet<Integer> set = sets.get(a.replica);
                        Replicated<AddWinsSet<Integer>> model = models.get(a.replica);
                        if (a.kind == 0) {
                            set.remove(a.member);
                            model = new Replicated<>(model.state().remove(a.member), model.context());
                        } else if (a.kind == 1 && a.from != a.replica) {
                            set.merge(sets.get(a.from));
                            model = model.merge(models.get(a.from));
                        } else if (a.kind > 1) {
                            set.add(a.member);
                            model = model.update(writers[a.replica], (s, dot) -> s.add(a.member, dot));
                        }
                        models.set(a.replica, model);
                        assertEquals(model.state().members(), set.members());
                    }
                });
    }
}
