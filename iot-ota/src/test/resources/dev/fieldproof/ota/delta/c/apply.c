/*
 * Test driver: apply OLD PATCH NEW CHUNK [CUT [BIT [OTHER]]]; exit code 0 for done, 3 for a refusal by the decoder. With CUT it
 * loses all but a checkpoint, which it leaves in the file of that name, after so many bytes of the patch and goes on;
 * with BIT, if not negative, that is flipped in the checkpoint; and it goes on with the patch OTHER.
 */
#include "fieldproof_delta.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *out;

static int read_old(void *user, uint32_t offset, uint8_t *to, uint32_t length) {
    const uint8_t *old = (const uint8_t *)user;
    for (uint32_t i = 0; i < length; i++) to[i] = old[offset + i];
    return 0;
}

static int write_new(void *user, const uint8_t *bytes, uint32_t length) {
    (void)user;
    return fwrite(bytes, 1, length, out) == length ? 0 : -1;
}

static uint8_t *slurp(const char *name, size_t *length) {
    FILE *f = fopen(name, "rb");
    if (!f) exit(2);
    fseek(f, 0, SEEK_END);
    *length = (size_t)ftell(f);
    rewind(f);
    uint8_t *bytes = malloc(*length + 1);
    if (!bytes || fread(bytes, 1, *length, f) != *length) exit(2);
    fclose(f);
    return bytes;
}

static fpd_decoder decoder;
static fpd_copy copies[65536];

static int feed(const uint8_t *patch, size_t length, size_t chunk) {
    int result = FPD_MORE;
    for (size_t at = 0; at < length && result >= 0; at += chunk) {
        /* A copy of the exact size lets the address sanitizer see every read beyond a chunk. */
        size_t n = length - at < chunk ? length - at : chunk;
        uint8_t *piece = malloc(n);
        for (size_t i = 0; i < n; i++) piece[i] = patch[at + i];
        result = fpd_feed(&decoder, piece, n);
        free(piece);
    }
    return result;
}

static int restart(const fpd_io *io, int bit) {
    uint8_t checkpoint[FPD_CHECKPOINT];
    fpd_checkpoint(&decoder, checkpoint);
    FILE *f = fopen("checkpoint", "wb");
    if (!f || fwrite(checkpoint, 1, FPD_CHECKPOINT, f) != FPD_CHECKPOINT) exit(2);
    fclose(f);
    if (bit >= 0) checkpoint[bit / 8] ^= (uint8_t)(1 << bit % 8);
    memset(&decoder, 0xA5, sizeof decoder);
    memset(copies, 0xA5, sizeof copies);
    return fpd_resume(&decoder, io, copies, 65536, checkpoint);
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    size_t old_length, patch_length, chunk = (size_t)atoi(argv[4]);
    uint8_t *old = slurp(argv[1], &old_length), *patch = slurp(argv[2], &patch_length);
    out = fopen(argv[3], "wb");
    if (!out) return 2;
    fpd_io io = {old, (uint32_t)old_length, 1u << 28, read_old, write_new};
    fpd_begin(&decoder, &io, copies, 65536);
    int result = FPD_MORE;
    if (argc > 5) {
        result = feed(patch, (size_t)atoi(argv[5]), chunk);
        if (result >= 0) result = restart(&io, argc > 6 ? atoi(argv[6]) : -1);
    }
    if (argc > 7) {
        free(patch);
        patch = slurp(argv[7], &patch_length);
    }
    if (result >= 0) result = feed(patch, patch_length, chunk);
    fclose(out);
    free(old);
    free(patch);
    printf("%d %zu\n", result, sizeof decoder);
    return result == FPD_DONE ? 0 : 3;
}
