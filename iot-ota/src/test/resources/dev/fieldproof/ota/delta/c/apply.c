/* Test driver: apply OLD PATCH NEW CHUNK; exit code 0 for done, 3 for a refusal by the decoder. */
#include "fieldproof_delta.h"

#include <stdio.h>
#include <stdlib.h>

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

int main(int argc, char **argv) {
    static fpd_decoder decoder;
    static fpd_copy copies[65536];
    if (argc != 5) return 2;
    size_t old_length, patch_length, chunk = (size_t)atoi(argv[4]);
    uint8_t *old = slurp(argv[1], &old_length), *patch = slurp(argv[2], &patch_length);
    out = fopen(argv[3], "wb");
    if (!out) return 2;
    fpd_io io = {old, (uint32_t)old_length, 1u << 28, read_old, write_new};
    fpd_begin(&decoder, &io, copies, 65536);
    int result = FPD_MORE;
    for (size_t at = 0; at < patch_length && result >= 0; at += chunk) {
        /* A copy of the exact size lets the address sanitizer see every read beyond a chunk. */
        size_t n = patch_length - at < chunk ? patch_length - at : chunk;
        uint8_t *piece = malloc(n);
        for (size_t i = 0; i < n; i++) piece[i] = patch[at + i];
        result = fpd_feed(&decoder, piece, n);
        free(piece);
    }
    fclose(out);
    free(old);
    free(patch);
    printf("%d %zu\n", result, sizeof decoder);
    return result == FPD_DONE ? 0 : 3;
}
