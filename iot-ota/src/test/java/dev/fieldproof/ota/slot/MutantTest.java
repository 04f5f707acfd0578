package dev.fieldproof.ota.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each check that a device makes is taken away once; the enumeration must then fail. */
class MutantTest {
    private static CutEnumeration world(boolean healthy, int tries, EnumerationParts parts) {
        return new CutEnumeration(1, healthy, tries, 4, parts);
    }

    /** Programming a unit twice is refused by the simulated flash itself, which catches a mutant as well. */
    private static void assertCaught(Supplier<CutReport> enumeration) {
        try {
            CutReport report = enumeration.get();
            assertFalse(report.allSurvived(), report.toString());
        } catch (IllegalStateException e) {
            assertTrue(e.getMessage().contains("programmed since its last erase"), e.getMessage());
        }
    }

    private static EnumerationParts copies(BiFunction<FlashSteps, FlashLayout, MetadataCopies> make) {
        return new EnumerationParts() {
            @Override
            MetadataCopies copies(FlashSteps steps, FlashLayout layout) {
                return make.apply(steps, layout);
            }
        };
    }

    @Test
    void withoutMutantsAllIsWell() {
        assertEquals(
                "", world(true, 3, new EnumerationParts()).everySilentFault().firstFailure());
        assertEquals(
                "", world(false, 3, new EnumerationParts()).everySilentFault().firstFailure());
    }

    @Test
    void noCrc() {
        assertCaught(() -> world(false, 3, copies((steps, layout) -> new MetadataCopies(steps, layout) {
                    @Override
                    BootRecord decode(byte[] copy) {
                        return BootRecord.decodeUnchecked(copy);
                    }
                }))
                .everyCutWithMetadataRot());
    }

    @Test
    void noSequence() {
        assertCaught(() -> world(true, 3, copies((steps, layout) -> new MetadataCopies(steps, layout) {
                    @Override
                    int newer(BootRecord first, BootRecord second) {
                        return first != null ? 0 : second != null ? 1 : -1;
                    }
                }))
                .everyCut(1));
    }

    @Test
    void currentCopyWrittenFirst() {
        assertCaught(() -> world(false, 3, copies((steps, layout) -> new MetadataCopies(steps, layout) {
                    @Override
                    int stale() {
                        return 1 - super.stale();
                    }
                }))
                .everyCut(1));
    }

    @Test
    void noTrialCounter() {
        assertCaught(() -> world(false, 3, copies((steps, layout) -> new MetadataCopies(steps, layout) {
                    @Override
                    public BootRecord write(BootRecord next) throws IOException {
                        return super.write(
                                next.trial()
                                        ? new BootRecord(
                                                0, next.slot(), true, 3, next.version(), next.failed(), next.counter())
                                        : next);
                    }
                }))
                .everyCut(0));
    }

    @Test
    void oneTrialOnly() {
        assertCaught(() -> world(true, 1, new EnumerationParts()).everyCut(1));
    }

    @Test
    void noReadBack() {
        assertCaught(() -> world(true, 3, new EnumerationParts() {
                    @Override
                    FlashSteps steps(NorFlash flash, int pageBytes) {
                        return new FlashSteps(flash, pageBytes) {
                            @Override
                            boolean readsBack(int offsetBytes, byte[] data, int from, int lengthBytes) {
                                return true;
                            }

                            @Override
                            boolean isBlank(int offsetBytes, int lengthBytes) {
                                return true;
                            }
                        };
                    }
                })
                .everySilentFault());
    }

    @Test
    void blankLookingSectorNotErasedAgain() {
        assertCaught(() -> world(true, 3, new EnumerationParts() {
                    @Override
                    FlashSteps steps(NorFlash flash, int pageBytes) {
                        return new FlashSteps(flash, pageBytes) {
                            @Override
                            void eraseSector(int offsetBytes) throws IOException {
                                if (!isBlank(offsetBytes, flash.sectorSizeBytes())) {
                                    super.eraseSector(offsetBytes);
                                }
                            }
                        };
                    }
                })
                .everyCut(2));
    }

    @Test
    void journalBeforeDataAndTrusted() {
        assertCaught(() -> world(true, 3, new EnumerationParts() {
                    @Override
                    StagedImage staged(FlashSteps steps, FlashLayout layout, int slot, ImagePlan plan) {
                        return new StagedImage(
                                steps, layout, journal(steps, layout), labels(steps, layout), slot, plan) {
                            @Override
                            void place(int chunk, byte[] data, int from) throws IOException {
                                placeCheckpoint(chunk);
                                placeData(chunk, data, from);
                            }

                            @Override
                            void dropUnmatched() {}

                            @Override
                            boolean holds(int chunk) {
                                return placed(chunk);
                            }
                        };
                    }
                })
                .everyCut(1));
    }
}
