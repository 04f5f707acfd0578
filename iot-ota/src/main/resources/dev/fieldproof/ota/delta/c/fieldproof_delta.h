/*
 * Device-side decoder of the fieldproof patch format, small profile. C99, no allocation, no library.
 * Licence: Apache-2.0.
 *
 * Give it the patch in chunks of any size. It reads the old image at random, checks the whole of it before the first
 * write, writes the new image strictly forward, and checks that at the end: only FPD_DONE means success.
 */
#ifndef FIELDPROOF_DELTA_H
#define FIELDPROOF_DELTA_H

#include <stddef.h>
#include <stdint.h>

enum fpd_result {
    FPD_MORE = 0,          /* give the next bytes of the patch */
    FPD_DONE = 1,          /* the new image is complete and checked */
    FPD_MALFORMED = -1,    /* the patch breaks the format: discard the new image */
    FPD_WRONG_SOURCE = -2, /* the patch is for another old image; nothing was written */
    FPD_LIMIT = -3,        /* the patch needs more copies or segments than there is room for, the full profile, or Intel HEX */
    FPD_IO = -4            /* a callback failed */
};

/* One copy: 8 bytes; the caller gives as many as the largest patch to be taken needs. */
typedef struct {
    uint32_t old_at, new_at; /* in the lower 24 bits; above them the two halves of the length, the lower one first */
} fpd_copy;

typedef struct {
    void *user;
    uint32_t old_size;
    uint32_t new_limit; /* largest new image */
    /* Both return 0 for success. */
    int (*read_old)(void *user, uint32_t offset, uint8_t *out, uint32_t length);
    int (*write_new)(void *user, const uint8_t *bytes, uint32_t length);
} fpd_io;

#define FPD_FLAG_BITS 10
#define FPD_FEW_BITS 7
#define FPD_BYTE_BITS 11
#define FPD_HISTORY_BITS 8
#define FPD_NUMBER_CELLS 126
#define FPD_TYPES 16
#define FPD_RUN 32
#define FPD_RUNS (12 * 6)
#define FPD_CELLS \
    ((1 << FPD_FLAG_BITS) + (1 << FPD_FEW_BITS) + (1 << FPD_BYTE_BITS) + 24 + 256 + 8 * FPD_NUMBER_CELLS \
     + 8 * FPD_TYPES + 12 + 16 + 32 + 32 + 8 + 3)
#define FPD_MAX_SEGMENTS 16
#define FPD_PENDING 136
#define FPD_PAGES 12
#define FPD_PAGE 64
#define FPD_WINDOW 1024
#define FPD_BLOCK 256
#define FPD_RING 256
#define FPD_RAM 128

typedef struct {
    uint32_t offset, length, address;
} fpd_segment;

typedef struct {
    uint32_t target;
    uint16_t offset; /* its lowest bits */
    uint16_t back;   /* and the type, in the highest five bits */
} fpd_reference;

typedef struct {
    uint32_t h[8];
    uint32_t length;
    uint8_t block[64];
} fpd_sha256;

typedef struct { /* bytes of the new image that follow from those before them */
    uint32_t kind, start, end; /* of the image that has them; the end is 0 until it is known */
    uint32_t segments, field, length, left, sum;
    fpd_sha256 sha;
} fpd_tail;

typedef struct {
    fpd_io io;
    fpd_copy *copies;
    uint32_t max_copies;
    int result;
    int phase;

    union { /* the header is read before the first reference */
        uint8_t head[400];
        fpd_reference pending[FPD_PENDING];
    } held_back;
    uint32_t head_length;
    uint32_t old_file, new_file, old_size, new_size, body_left, copy_count;
    uint8_t old_sha[32], new_sha[32], patch_sha[32];
    uint32_t made, durable; /* bytes of the new image: so far, and before the checkpoint gone on from */
    int isa;
    uint32_t mask;
    int uf2;
    uint32_t uf2_flags, uf2_address, uf2_family;
    fpd_segment old_segments[FPD_MAX_SEGMENTS], new_segments[FPD_MAX_SEGMENTS];
    int old_count, new_count;

    uint8_t ring[FPD_RING];
    uint32_t ring_head, ring_tail;
    uint32_t range, code;
    int started;

    uint16_t cells[FPD_CELLS]; /* a probability of 12 bits above a count of 4 */
    uint8_t flag_tags[1 << FPD_FLAG_BITS], flag_known[(1 << FPD_FLAG_BITS) / 8];
    uint16_t near_bytes[1 << FPD_HISTORY_BITS], wide_bytes[1 << FPD_HISTORY_BITS];
    int32_t weights[32 * 5 + 4 * 7 + 4 * 3 + 8 * 3];
    uint32_t calm_bytes[104], runs[FPD_RUNS + 24], calm_references[256];
    uint32_t used[8];
    int32_t stretched[8];
    int inputs;

    uint32_t copies_read, target_end, old_end, recent_shift[8];
    int last_kind;

    uint32_t at, latest, current, previous_old, previous_new;
    uint32_t plain_left, clear;

    uint8_t replacement[256];
    uint32_t since_miss, last_hits, last_old, differences, open;

    uint32_t distances[4], next_literal, run_history, run_left;

    uint32_t learned_old[256], learned_new[256];
    uint8_t surprising[256 / 8];
    uint32_t ram_old[FPD_RAM], ram_move[FPD_RAM];
    int ram_size;
    int32_t recent_steps[4];
    uint8_t type_hits[FPD_TYPES];
    uint32_t reference_since_miss, last_target;
    int source, stayed;
    uint32_t coded;

    uint32_t pending_head, pending_size;
    uint32_t sweep_at, part_from, part_to, part_base;
    int inside, sweeping, on;
    uint32_t upper_at[32], upper[32], tracked, relative, named;
    uint32_t found_target, found_back;

    uint8_t pages[FPD_PAGES][FPD_PAGE];
    uint32_t held[FPD_PAGES];

    fpd_sha256 sha;
    uint8_t out[FPD_WINDOW]; /* the latest bytes of the new image, for repeats, written in blocks */
    uint32_t flushed, blocks_out;
    fpd_tail tail;
    int failed;
} fpd_decoder;

/* Begins a patch; copies may be used until the end. */
void fpd_begin(fpd_decoder *d, const fpd_io *io, fpd_copy *copies, uint32_t max_copies);

/* Takes the next bytes of the patch. */
int fpd_feed(fpd_decoder *d, const uint8_t *bytes, size_t length);

#define FPD_CHECKPOINT 52

/* What to store, once all bytes written are durable, to go on after a restart: FPD_CHECKPOINT bytes. */
void fpd_checkpoint(const fpd_decoder *d, uint8_t *out);

/*
 * Begins again with what was stored. The patch is to be given from its first byte; writing goes on where it stopped.
 * FPD_MORE, or FPD_MALFORMED for a checkpoint that is torn; one of another patch is refused by fpd_feed.
 */
int fpd_resume(
    fpd_decoder *d, const fpd_io *io, fpd_copy *copies, uint32_t max_copies, const uint8_t *checkpoint);

#endif
