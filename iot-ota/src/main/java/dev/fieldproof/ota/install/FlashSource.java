package dev.fieldproof.ota.install;

import dev.fieldproof.core.store.NorFlash;
import dev.fieldproof.ota.delta.SourceImage;
import java.io.IOException;

/** The image in a slot, as the old end of a patch. */
record FlashSource(NorFlash flash, int offsetBytes, long sizeBytes) implements SourceImage {
    @Override
    public void read(long at, byte[] target, int targetOffset, int length) throws IOException {
        flash.read(Math.toIntExact(offsetBytes + at), target, targetOffset, length);
    }
}
