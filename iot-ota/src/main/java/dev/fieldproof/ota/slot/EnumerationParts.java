package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;

/** Makes the parts of a device at each power-on; tests replace one part by another that lacks a check. */
class EnumerationParts {
    private final ImageCheck check = ImageCheck.crc32();

    FlashSteps steps(NorFlash flash, int pageBytes) {
        return new FlashSteps(flash, pageBytes);
    }

    MetadataCopies copies(FlashSteps steps, FlashLayout layout) {
        return new MetadataCopies(steps, layout);
    }

    SlotLabel labels(FlashSteps steps, FlashLayout layout) {
        return new SlotLabel(steps, layout, check);
    }

    Journal journal(FlashSteps steps, FlashLayout layout) {
        return new Journal(steps, layout);
    }

    NorBootControl control(FlashSteps steps, FlashLayout layout) {
        return new NorBootControl(copies(steps, layout), labels(steps, layout));
    }

    StagedImage staged(FlashSteps steps, FlashLayout layout, int slot, ImagePlan plan) {
        return new StagedImage(steps, layout, journal(steps, layout), labels(steps, layout), slot, plan);
    }
}
