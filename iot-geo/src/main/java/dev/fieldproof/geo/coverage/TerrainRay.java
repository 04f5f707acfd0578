package dev.fieldproof.geo.coverage;

/**
 * The definition of being hidden by terrain, target by target: somewhere strictly between eye and target the line of
 * sight crosses a row or column of posts where the ground, straight between the two posts beside, is higher than the
 * line. Touching does not hide. In whole numbers throughout; the fast way is held against it and asks it where it is
 * in doubt. Immutable and thread-safe.
 *
 * @param heights of the posts
 * @param eye index of the eye's post
 * @param eyeHeight of the eye above zero, in millimetres
 * @param major step of the index along the longer way
 * @param minor step of the index along the shorter way
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, read in inner loops
record TerrainRay(int[] heights, int eye, int eyeHeight, int major, int minor) {
    /**
     * Whether the ground hides a target.
     *
     * @param i steps along the longer way, 1 or more
     * @param j steps along the shorter way, 0 to i
     * @param targetHeight above the ground at its post
     */
    boolean isHidden(int i, int j, int targetHeight) {
        long rise = (long) height(i, j) + targetHeight - eyeHeight;
        for (int m = 1; m < i; m++) {
            long way = (long) j * m;
            int k = (int) (way / i);
            long part = way - (long) k * i;
            long ground = (height(m, k) - (long) eyeHeight) * (i - part);
            if (part != 0) {
                ground += (height(m, k + 1) - (long) eyeHeight) * part;
            }
            if (ground > rise * m) {
                return true;
            }
        }
        for (int n = 1; n < j; n++) {
            long way = (long) i * n;
            int k = (int) (way / j);
            long part = way - (long) k * j;
            long ground = (height(k, n) - (long) eyeHeight) * (j - part);
            if (part != 0) {
                ground += (height(k + 1, n) - (long) eyeHeight) * part;
            }
            if (ground > rise * n) {
                return true;
            }
        }
        return false;
    }

    int height(int i, int j) {
        return heights[eye + i * major + j * minor];
    }
}
