package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;
import dev.fieldproof.ota.delta.isa.Isa;
import dev.fieldproof.ota.delta.isa.ReferenceScanner;
import dev.fieldproof.ota.delta.isa.Segments;
import dev.fieldproof.ota.delta.match.Copies;
import java.util.HashMap;
import java.util.Map;

/** Walks all copied references of a pair, without coding anything: which types predict better than plain copying. */
public final class ReferenceTrial {
    /** A sample is of windows of this size, and of about so many of them. */
    private static final int WINDOW_BITS = 13;

    private static final int SAMPLED_WINDOWS = 32;

    private final BodyHeader header;
    private final byte[] target;
    private final Copies copies;
    private final CopyMap map;
    private final Isa isa;
    private final ImageReader old;
    private final Prediction prediction;
    private final int[] gain = new int[32];
    /** A window is looked at if these bits of its number are 0. */
    private final int skipped;
    /** Where targets in the new image came from, as the copied references tell. */
    private final Map<Integer, Integer> oldByNew = new HashMap<>();

    /**
     * Walks all references.
     *
     * @param header what the decoder will know
     * @param oldImage the old image
     * @param target the new image
     * @param copies the copies
     * @return with all that follows from them
     */
    public static ReferenceTrial all(BodyHeader header, byte[] oldImage, byte[] target, Copies copies) {
        return new ReferenceTrial(header, oldImage, target, copies, 0);
    }

    /**
     * Walks the references of parts of a large old image: enough to tell which instruction set it holds.
     *
     * @param header what the decoder will know
     * @param oldImage the old image
     * @param target the new image
     * @param copies the copies
     * @return of which only the gain means something
     */
    public static ReferenceTrial sample(BodyHeader header, byte[] oldImage, byte[] target, Copies copies) {
        int windows = oldImage.length >>> WINDOW_BITS;
        return new ReferenceTrial(
                header, oldImage, target, copies, Integer.highestOneBit(windows / SAMPLED_WINDOWS | 1) - 1);
    }

    private ReferenceTrial(BodyHeader header, byte[] oldImage, byte[] target, Copies copies, int skipped) {
        this.skipped = skipped;
        this.header = header;
        this.target = target;
        this.copies = copies;
        this.isa = Isa.all().get(header.isa());
        this.old = new ImageReader(oldImage);
        this.map = new CopyMap(copies.size());
        this.prediction = new Prediction(header, map);
        for (int i = 0; i < copies.size(); i++) {
            map.add(copies.targetAt(i), copies.oldAt(i), copies.length(i));
        }
        map.seal();
        walk();
    }

    private void walk() {
        ReferenceScanner scanner = new ReferenceScanner(isa, old, header.oldSegments(), header.typeMask());
        int end = 0;
        for (int c = 0; c < copies.size(); c++) {
            int shift = copies.targetAt(c) - copies.oldAt(c);
            scanner.begin(copies.oldAt(c), end);
            end = copies.oldAt(c) + copies.length(c);
            for (int o = copies.oldAt(c); o < end; o++) {
                if ((o >>> WINDOW_BITS & skipped) != 0) {
                    int from = o;
                    o = ((o >>> WINDOW_BITS | skipped) + 1) << WINDOW_BITS;
                    scanner.begin(o--, from);
                    continue;
                }
                int type = scanner.typeAt(o);
                if (type >= 0 && o + isa.size(type) <= end) {
                    if (!isa.isLength(type)) {
                        look(type, o, scanner, o + shift, c);
                    }
                    o += isa.size(type) - 1;
                } else if (type < 0) {
                    o = scanner.clearBefore() - 1;
                }
            }
        }
    }

    private void look(int type, int offset, ReferenceScanner found, int at, int copy) {
        int oldTarget = found.target();
        int bits = old.bits(offset, isa.size(type));
        int actual = 0;
        for (int b = 0; b < isa.size(type); b++) {
            actual |= (target[at + b] & 0xFF) << (8 * b);
        }
        int predicted = prediction.predict(oldTarget, copy);
        int base = header.newSegments().address(at) - found.back();
        int guess = isa.write(type, bits, base, predicted);
        gain[type] += (guess == actual ? 1 : 0) - (bits == actual ? 1 : 0);
        int moved = isa.read(type, actual, base) - isa.read(type, guess, base);
        int now = predicted + moved;
        if (moved != 0 && isa.write(type, bits, base, now) != actual) {
            return;
        }
        if (isa.tellsTarget(type)) {
            prediction.learn(oldTarget, now, moved != 0);
            oldByNew.put(now, oldTarget);
            if (moved != 0) {
                prediction.missed(oldTarget, now);
            }
        }
    }

    /**
     * The types that pay.
     *
     * @return bit n is set unless references of type n predict worse than copying
     */
    public int usefulTypes() {
        int mask = 0;
        for (int type = 0; type < gain.length; type++) {
            if (gain[type] > 0 || type == isaLength()) {
                mask |= 1 << type;
            }
        }
        return mask;
    }

    private static int isaLength() {
        for (int type = 0; type < 32; type++) {
            if (Isa.all().get(0).isLength(type)) {
                return type;
            }
        }
        return -1;
    }

    /**
     * About how many fields more than by copying are predicted right, counting only the types that pay.
     *
     * @return at least 0; that of a sample, times how much larger the image is
     */
    public int gain() {
        int sum = 0;
        for (int g : gain) {
            sum += Math.max(0, g);
        }
        return sum * (skipped + 1);
    }

    /**
     * Replaces every reference of the old image by what it refers to, so that moved code looks the same.
     *
     * @param image the old image
     * @return a copy with normalised fields
     */
    public byte[] normalisedOld(byte[] image) {
        return normalised(image, header.oldSegments(), false);
    }

    /**
     * Does the same to the new image, in the old image's terms.
     *
     * @return a copy with normalised fields
     */
    public byte[] normalisedNew() {
        return normalised(target, header.newSegments(), true);
    }

    private byte[] normalised(byte[] image, Segments segments, boolean translate) {
        byte[] out = image.clone();
        ImageReader reader = new ImageReader(image);
        ReferenceScanner scanner = new ReferenceScanner(isa, reader, segments, header.typeMask());
        for (int o = 0; o < image.length; o++) {
            int type = scanner.typeAt(o);
            if (type >= 0) {
                int aim = translate ? toOld(scanner.target()) : scanner.target();
                int bits = isa.write(type, reader.bits(o, isa.size(type)), 0, aim);
                for (int k = 0; k < isa.size(type); k++) {
                    out[o + k] = (byte) (bits >>> (8 * k));
                }
                o += isa.size(type) - 1;
            } else {
                o = scanner.clearBefore() - 1;
            }
        }
        return out;
    }

    /** Undoes the copies; what lies in none of them is as the references that were copied tell. */
    private int toOld(int address) {
        int offset = header.newSegments().offset(address);
        int copy = offset < 0 ? -1 : copyBefore(offset);
        if (copy >= 0 && offset < copies.targetAt(copy) + copies.length(copy)) {
            return header.oldSegments().address(offset - map.shift(copy));
        }
        Integer known = oldByNew.get(address);
        if (known != null) {
            return known;
        }
        return copy < 0 ? address : header.oldSegments().address(offset - map.shift(copy));
    }

    private int copyBefore(int offset) {
        int low = 0;
        int high = copies.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (copies.targetAt(middle) <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }
}
