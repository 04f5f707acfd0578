/* See fieldproof_delta.h; the format is described in DELTA-FORMAT.md. Licence: Apache-2.0. */
#include "fieldproof_delta.h"

#define LOOKAHEAD 192
#define WARM_UP 2048u
#define REACH 256u

enum { POINTER, RAM_POINTER, FRAME_COMMON, FRAME_START, FRAME_LENGTH, OWN };
enum { PLAIN, THUMB, ARM, XTENSA, XTENSA0, RV32, RV64, AVR, TC32, MIPS, ISAS };
enum { HEADER, BODY, END };

/* Where each group of cells begins. */
enum {
    C_FLAGS = 0,
    C_FEW = C_FLAGS + (1 << FPD_FLAG_BITS),
    C_BYTES = C_FEW + (1 << FPD_FEW_BITS),
    C_EXPECT = C_BYTES + (1 << FPD_BYTE_BITS),
    C_RUN = C_EXPECT + 24,
    C_GAPS = C_RUN + 256,
    C_SEEKS = C_GAPS + FPD_NUMBER_CELLS,
    C_LENGTHS = C_SEEKS + FPD_NUMBER_CELLS,
    C_DISTANCE = C_LENGTHS + FPD_NUMBER_CELLS,
    C_OLD_PLACES = C_DISTANCE + FPD_NUMBER_CELLS,
    C_NEW_PLACES = C_OLD_PLACES + FPD_NUMBER_CELLS,
    C_RUN_LENGTHS = C_NEW_PLACES + FPD_NUMBER_CELLS,
    C_AGAIN_LENGTHS = C_RUN_LENGTHS + FPD_NUMBER_CELLS,
    C_UNCHANGED = C_AGAIN_LENGTHS + FPD_NUMBER_CELLS,
    C_SAME = C_UNCHANGED + FPD_TYPES,
    C_SIGN = C_SAME + FPD_TYPES,
    C_RECENT = C_SIGN + FPD_TYPES,
    C_SEEK = C_RECENT + 5 * FPD_TYPES,
    C_RANK = C_SEEK + 12,
    C_REPEATS = C_RANK + 16,
    C_AGAIN = C_REPEATS + 32,
    C_AGAIN_RANK = C_AGAIN + 32,
    C_PLACE = C_AGAIN_RANK + 8
};
enum { W_FLAG = 0, W_BYTE = 160, W_LITERAL = 188, W_REFERENCE = 200 };

/* log2 of 1 + i / 256 in 1/4096, and the inverse of the logistic stretch in steps of 32. */
static const uint16_t LOG2[257] = {
    0, 23, 45, 68, 91, 114, 136, 159, 181, 204, 226, 248, 270, 292, 314, 336, 358, 379, 401, 423, 444, 465, 487,
    508, 529, 550, 571, 592, 613, 634, 654, 675, 696, 716, 736, 757, 777, 797, 817, 837, 857, 877, 897, 917, 937,
    956, 976, 996, 1015, 1034, 1054, 1073, 1092, 1111, 1131, 1150, 1169, 1187, 1206, 1225, 1244, 1262, 1281, 1300,
    1318, 1337, 1355, 1373, 1392, 1410, 1428, 1446, 1464, 1482, 1500, 1518, 1536, 1553, 1571, 1589, 1606, 1624,
    1642, 1659, 1676, 1694, 1711, 1728, 1745, 1763, 1780, 1797, 1814, 1831, 1848, 1865, 1881, 1898, 1915, 1931,
    1948, 1965, 1981, 1998, 2014, 2031, 2047, 2063, 2079, 2096, 2112, 2128, 2144, 2160, 2176, 2192, 2208, 2224,
    2240, 2255, 2271, 2287, 2302, 2318, 2334, 2349, 2365, 2380, 2396, 2411, 2426, 2441, 2457, 2472, 2487, 2502,
    2517, 2532, 2547, 2562, 2577, 2592, 2607, 2622, 2637, 2651, 2666, 2681, 2696, 2710, 2725, 2739, 2754, 2768,
    2783, 2797, 2811, 2826, 2840, 2854, 2869, 2883, 2897, 2911, 2925, 2939, 2953, 2967, 2981, 2995, 3009, 3023,
    3037, 3050, 3064, 3078, 3092, 3105, 3119, 3132, 3146, 3160, 3173, 3187, 3200, 3213, 3227, 3240, 3253, 3267,
    3280, 3293, 3306, 3320, 3333, 3346, 3359, 3372, 3385, 3398, 3411, 3424, 3437, 3450, 3463, 3475, 3488, 3501,
    3514, 3527, 3539, 3552, 3565, 3577, 3590, 3602, 3615, 3627, 3640, 3652, 3665, 3677, 3689, 3702, 3714, 3726,
    3739, 3751, 3763, 3775, 3788, 3800, 3812, 3824, 3836, 3848, 3860, 3872, 3884, 3896, 3908, 3920, 3932, 3944,
    3955, 3967, 3979, 3991, 4002, 4014, 4026, 4038, 4049, 4061, 4072, 4084, 4096};

static const uint16_t SQUASH[257] = {
    1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18,
    20, 21, 23, 25, 27, 30, 32, 35, 39, 42, 46, 50, 54, 59, 64, 70, 77, 83, 91, 99, 108, 118, 128, 140, 152, 166,
    181, 197, 215, 234, 255, 278, 303, 331, 361, 393, 428, 467, 508, 554, 604, 658, 717, 781, 850, 926, 1009, 1098,
    1196, 1302, 1417, 1542, 1678, 1826, 1986, 2160, 2348, 2552, 2774, 3013, 3273, 3553, 3855, 4182, 4534, 4914,
    5323, 5761, 6233, 6740, 7282, 7862, 8480, 9141, 9845, 10591, 11383, 12222, 13108, 14038, 15018, 16043, 17118,
    18234, 19396, 20601, 21843, 23124, 24436, 25780, 27146, 28532, 29934, 31349, 32768, 34187, 35599, 37002, 38388,
    39755, 41097, 42411, 43690, 44932, 46138, 47300, 48417, 49491, 50518, 51498, 52429, 53313, 54152, 54945, 55691,
    56394, 57055, 57674, 58254, 58796, 59303, 59775, 60214, 60623, 61002, 61355, 61681, 61984, 62263, 62523, 62763,
    62984, 63188, 63377, 63551, 63711, 63858, 63994, 64120, 64235, 64341, 64439, 64528, 64611, 64687, 64756, 64820,
    64879, 64933, 64983, 65028, 65070, 65109, 65144, 65176, 65206, 65234, 65259, 65281, 65303, 65322, 65340, 65356,
    65371, 65385, 65397, 65409, 65419, 65429, 65438, 65446, 65454, 65460, 65467, 65473, 65478, 65483, 65487, 65491,
    65495, 65498, 65502, 65505, 65507, 65510, 65512, 65514, 65516, 65517, 65519, 65521, 65522, 65523, 65524, 65525,
    65526, 65527, 65528, 65529, 65529, 65530, 65530, 65531, 65531, 65532, 65532, 65533, 65533, 65533, 65533, 65534,
    65534, 65534, 65534, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 65535};

static void zero(void *p, size_t n) {
    uint8_t *b = (uint8_t *)p;
    while (n--) *b++ = 0;
}

static int32_t sx(uint32_t v, int bits) { /* sign extension of the lowest bits */
    uint32_t m = 1u << (bits - 1);
    v &= (m << 1) - 1u;
    return (int32_t)((v ^ m) - m);
}

static int bit_length(uint32_t v) {
    int n = 0;
    while (v) {
        n++;
        v >>= 1;
    }
    return n;
}

static uint32_t bits_to_15(uint32_t v) {
    uint32_t n = (uint32_t)bit_length(v);
    return n > 15 ? 15 : n;
}

/* ---- SHA-256 (FIPS 180-4) ---- */

static void sha_begin(fpd_sha256 *s) {
    static const uint32_t H[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int i = 0; i < 8; i++) s->h[i] = H[i];
    s->length = 0;
}

static uint32_t ror(uint32_t v, int n) { return v >> n | v << (32 - n); }

static void sha_block(fpd_sha256 *s) {
    static const uint32_t K[64] = {
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
    uint32_t w[16], v[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)s->block[4 * i] << 24 | (uint32_t)s->block[4 * i + 1] << 16
               | (uint32_t)s->block[4 * i + 2] << 8 | s->block[4 * i + 3];
    for (int i = 0; i < 8; i++) v[i] = s->h[i];
    for (int i = 0; i < 64; i++) {
        if (i >= 16) {
            uint32_t a = w[(i + 1) & 15], b = w[(i + 14) & 15];
            w[i & 15] += (ror(a, 7) ^ ror(a, 18) ^ a >> 3) + w[(i + 9) & 15] + (ror(b, 17) ^ ror(b, 19) ^ b >> 10);
        }
        uint32_t t1 = v[7] + (ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[i]
                      + w[i & 15];
        uint32_t t2 = (ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        for (int k = 7; k > 0; k--) v[k] = v[k - 1];
        v[4] += t1;
        v[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) s->h[i] += v[i];
}

static void sha_add(fpd_sha256 *s, const uint8_t *bytes, uint32_t length) {
    for (uint32_t i = 0; i < length; i++) {
        s->block[s->length++ & 63] = bytes[i];
        if ((s->length & 63) == 0) sha_block(s);
    }
}

/* Leaves the digest in the bytes of h. */
static void sha_end(fpd_sha256 *s) {
    uint32_t length = s->length;
    uint8_t b = 0x80;
    sha_add(s, &b, 1);
    b = 0;
    while ((s->length & 63) != 56) sha_add(s, &b, 1);
    for (int i = 0; i < 8; i++) {
        b = i < 3 ? 0 : i == 3 ? (uint8_t)(length >> 29) : (uint8_t)(length << 3 >> (8 * (7 - i)));
        sha_add(s, &b, 1);
    }
    for (int i = 0; i < 32; i += 4) {
        uint8_t *bytes = (uint8_t *)s->h + i;
        uint32_t word = s->h[i / 4];
        for (int k = 3; k >= 0; k--, word >>= 8) bytes[k] = (uint8_t)word;
    }
}

static const uint8_t *digest_of(const fpd_sha256 *s) {
    return (const uint8_t *)s->h;
}

static int sha_is(fpd_sha256 *s, const uint8_t *expected) {
    uint32_t i = 0;
    sha_end(s);
    while (i < 32 && digest_of(s)[i] == expected[i]) i++;
    return i == 32;
}

/* ---- Old image ---- */

static int read_file(fpd_decoder *d, uint32_t offset, uint8_t *out, uint32_t length) {
    if (!d->uf2) return d->io.read_old(d->io.user, offset, out, length);
    while (length > 0) { /* pages lie within one UF2 block's payload */
        uint32_t n = 256 - offset % 256;
        if (n > length) n = length;
        if (d->io.read_old(d->io.user, offset / 256 * 512 + 32 + offset % 256, out, n)) return -1;
        offset += n;
        out += n;
        length -= n;
    }
    return 0;
}

static uint32_t old_at(fpd_decoder *d, uint32_t offset) {
    if (offset >= d->old_size) return 0;
    uint32_t page = offset / FPD_PAGE, slot = page % FPD_PAGES;
    if (d->held[slot] != page + 1) {
        uint32_t n = d->old_size - page * FPD_PAGE;
        if (read_file(d, page * FPD_PAGE, d->pages[slot], n < FPD_PAGE ? n : FPD_PAGE)) d->failed = FPD_IO;
        d->held[slot] = page + 1;
    }
    return d->pages[slot][offset % FPD_PAGE];
}

static uint32_t old_bits(fpd_decoder *d, uint32_t offset, int bytes) {
    uint32_t bits = 0;
    for (int i = 0; i < bytes; i++) bits |= old_at(d, offset + (uint32_t)i) << (8 * i);
    return bits;
}

static uint32_t half(fpd_decoder *d, uint32_t o) { return old_bits(d, o, 2); }

static uint32_t address_of(const fpd_segment *s, int count, uint32_t offset) {
    for (int i = 0; i < count; i++)
        if (offset - s[i].offset < s[i].length && offset >= s[i].offset) return s[i].address + (offset - s[i].offset);
    return offset;
}

static int32_t old_offset(const fpd_decoder *d, uint32_t address) {
    for (int i = 0; i < d->old_count; i++) {
        const fpd_segment *s = &d->old_segments[i];
        if (address - s->address < s->length) return (int32_t)(s->offset + (address - s->address));
    }
    return -1;
}

static int in_image(const fpd_decoder *d, uint32_t address) { return old_offset(d, address) >= 0; }

/* ---- Instruction sets: fields ---- */

static int in_ram(int isa, uint32_t a) {
    switch (isa) {
        case THUMB:
        case ARM: return a - 0x20000000u < 0x80000u;
        case XTENSA:
        case XTENSA0:
        case RV32: return a - 0x3F800000u < 0x800000u;
        case AVR: return a - 0x800060u < 0x8000u;
        case TC32: return a - 0x840000u < 0x10000u;
        default: return 0;
    }
}

static uint32_t tag_of(int isa) { return isa == THUMB || isa == TC32 ? 1 : 0; }

static int size_of(int isa, int type) {
    if (type < OWN) return 4;
    switch (isa) {
        case THUMB: return type >= OWN + 3 && type <= OWN + 5 ? 2 : 4;
        case XTENSA:
        case XTENSA0: return 3;
        case RV32:
        case RV64: return type >= OWN + 6 && type != OWN + 8 ? 2 : 4;
        case AVR: return type == OWN + 1 ? 2 : 4;
        case TC32: return type == OWN ? 4 : 2;
        default: return 4;
    }
}

static int unit_of(int isa, int type) {
    int t = type - OWN;
    if (t < 0) return 1;
    switch (isa) {
        case THUMB: return t == 6 ? 1 : t == 5 ? 4 : 2;
        case ARM: return t == 0 ? 4 : t == 2 ? 2 : 1;
        case XTENSA:
        case XTENSA0: return t <= 1 ? 4 : 1;
        case RV32:
        case RV64: return t <= 1 ? 4096 : t >= 4 && t <= 7 ? 2 : 1;
        case AVR: return t == 2 ? 1 : 2;
        case TC32: return t == 3 ? 4 : 2;
        case MIPS: return 4;
        default: return 1;
    }
}

static int tells_target(int isa, int type) { return !((isa == RV32 || isa == RV64) && (type == OWN || type == OWN + 1)); }

#define BIT(v, n) ((v) >> (n) & 1u)

static uint32_t read_thumb(int t, uint32_t bits, uint32_t address) {
    uint32_t pc = address + 4, high = bits & 0xFFFF, low = bits >> 16, s = BIT(high, 10);
    switch (t) {
        case 0:
        case 1: {
            uint32_t i1 = ~(low >> 13 ^ s) & 1, i2 = ~(low >> 11 ^ s) & 1;
            return pc + ((0 - s) << 24 | i1 << 23 | i2 << 22 | (high & 0x3FF) << 12 | (low & 0x7FF) << 1);
        }
        case 2:
            return pc
                   + ((0 - s) << 20 | BIT(low, 11) << 19 | BIT(low, 13) << 18 | (high & 0x3F) << 12
                      | (low & 0x7FF) << 1);
        case 3: return pc + (uint32_t)sx(bits, 11) * 2;
        case 4: return pc + (uint32_t)sx(bits, 8) * 2;
        case 5: return (pc & ~3u) + ((bits & 0xFF) << 2);
        default: return (pc & ~3u) + (high & 0x80 ? low & 0xFFF : 0 - (low & 0xFFF));
    }
}

static uint32_t magnitude(uint32_t v) { return v >> 31 ? 0 - v : v; }

static uint32_t write_thumb(int t, uint32_t bits, uint32_t address, uint32_t target) {
    uint32_t d = target - address - 4, literal = target - ((address + 4) & ~3u);
    switch (t) {
        case 0:
        case 1: {
            uint32_t s = BIT(d, 24), j1 = ~(d >> 23 ^ s) & 1, j2 = ~(d >> 22 ^ s) & 1;
            return ((bits & 0xF800) | s << 10 | (d >> 12 & 0x3FF))
                   | ((bits >> 16 & 0xD000) | j1 << 13 | j2 << 11 | (d >> 1 & 0x7FF)) << 16;
        }
        case 2:
            return ((bits & 0xFBC0) | BIT(d, 20) << 10 | (d >> 12 & 0x3F))
                   | ((bits >> 16 & 0xD000) | BIT(d, 18) << 13 | BIT(d, 19) << 11 | (d >> 1 & 0x7FF)) << 16;
        case 3: return (bits & 0xF800) | (d >> 1 & 0x7FF);
        case 4: return (bits & 0xFF00) | (d >> 1 & 0xFF);
        case 5: return (bits & 0xFF00) | (literal >> 2 & 0xFF);
        default:
            return (bits & 0xF000FF7F) | (literal >> 31 ? 0 : 0x80) | (magnitude(literal) & 0xFFF) << 16;
    }
}

static int is_store(uint32_t bits) { return (bits & 0x60) == 0x20; }

/* The offset that a load, a store or an addition holds. */
static uint32_t offset_of(uint32_t bits) {
    return is_store(bits) ? (uint32_t)sx(bits >> 25, 7) << 5 | (bits >> 7 & 31) : (uint32_t)sx(bits >> 20, 12);
}

static uint32_t write_offset(uint32_t bits, uint32_t o) {
    return is_store(bits) ? (bits & 0x01FFF07F) | o >> 5 << 25 | (o & 31) << 7 : (bits & 0xFFFFF) | o << 20;
}

#define FIELDS 0xE0000000u

static uint32_t short_offset(uint32_t bits) { return (bits >> 10 & 7) << 3 | BIT(bits, 6) << 2 | BIT(bits, 5) << 6; }

static uint32_t read_riscv(int t, uint32_t bits, uint32_t address) {
    switch (t) {
        case 0: return address + (bits & 0xFFFFF000);
        case 1: return bits & 0xFFFFF000;
        case 2: return address + offset_of(bits);
        case 3: return offset_of(bits);
        case 4:
            return address
                   + ((0 - BIT(bits, 31)) << 20 | (bits >> 12 & 0xFF) << 12 | BIT(bits, 20) << 11
                      | (bits >> 21 & 0x3FF) << 1);
        case 5:
            return address
                   + ((0 - BIT(bits, 31)) << 12 | BIT(bits, 7) << 11 | (bits >> 25 & 0x3F) << 5 | (bits >> 8 & 15) << 1);
        case 6:
            return address
                   + ((0 - BIT(bits, 12)) << 11 | BIT(bits, 11) << 4 | (bits >> 9 & 3) << 8 | BIT(bits, 8) << 10
                      | BIT(bits, 7) << 6 | BIT(bits, 6) << 7 | (bits >> 3 & 7) << 1 | BIT(bits, 2) << 5);
        case 7:
            return address
                   + ((0 - BIT(bits, 12)) << 8 | (bits >> 10 & 3) << 3 | (bits >> 5 & 3) << 6 | (bits >> 3 & 3) << 1
                      | BIT(bits, 2) << 5);
        case 8: return FIELDS + offset_of(bits);
        default: return FIELDS + short_offset(bits);
    }
}

static uint32_t write_riscv(int t, uint32_t bits, uint32_t address, uint32_t target) {
    uint32_t d = target - address;
    switch (t) {
        case 0: return (bits & 0xFFF) | ((d + 0x800) & 0xFFFFF000);
        case 1: return (bits & 0xFFF) | ((target + 0x800) & 0xFFFFF000);
        case 2: return write_offset(bits, d);
        case 4:
            return (bits & 0xFFF) | BIT(d, 20) << 31 | (d >> 1 & 0x3FF) << 21 | BIT(d, 11) << 20 | (d >> 12 & 0xFF) << 12;
        case 5:
            return (bits & 0x01FFF07F) | BIT(d, 12) << 31 | (d >> 5 & 0x3F) << 25 | (d >> 1 & 15) << 8 | BIT(d, 11) << 7;
        case 6:
            return (bits & 0xE003) | BIT(d, 11) << 12 | BIT(d, 4) << 11 | (d >> 8 & 3) << 9 | BIT(d, 10) << 8
                   | BIT(d, 6) << 7 | BIT(d, 7) << 6 | (d >> 1 & 7) << 3 | BIT(d, 5) << 2;
        case 7:
            return (bits & 0xE383) | BIT(d, 8) << 12 | (d >> 3 & 3) << 10 | (d >> 6 & 3) << 5 | (d >> 1 & 3) << 3
                   | BIT(d, 5) << 2;
        case 9: return (bits & 0xE39F) | (target >> 3 & 7) << 10 | BIT(target, 2) << 6 | BIT(target, 6) << 5;
        default: return write_offset(bits, target);
    }
}

static uint32_t field_read(int isa, int type, uint32_t bits, uint32_t address) {
    int t = type - OWN;
    if (type == FRAME_COMMON) return address - bits;
    if (type == FRAME_START || type == FRAME_LENGTH) return address + bits;
    if (t < 0) return bits & ~tag_of(isa);
    switch (isa) {
        case THUMB: return read_thumb(t, bits, address);
        case ARM:
            if (t == 1) return address + 8 + (BIT(bits, 23) ? bits & 0xFFF : 0 - (bits & 0xFFF));
            return address + 8 + (uint32_t)sx(bits, 24) * 4 + (t == 2 ? BIT(bits, 24) << 1 : 0);
        case XTENSA:
        case XTENSA0:
            switch (t) {
                case 0: return (address & ~3u) + 4 + (uint32_t)sx(bits >> 6, 18) * 4;
                case 1: return ((address + 3) & ~3u) + ((bits >> 8 | 0xFFFF0000u) << 2);
                case 2: return address + 4 + (uint32_t)sx(bits >> 6, 18);
                case 3: return address + 4 + (uint32_t)sx(bits >> 12, 12);
                default: return address + 4 + (uint32_t)sx(bits >> 16, 8);
            }
        case RV32:
        case RV64: return read_riscv(t, bits, address);
        case AVR:
            if (t == 0) return bits >> 16 << 1;
            return t == 1 ? address + 2 + (uint32_t)sx(bits, 12) * 2 : 0x800000 + (bits >> 16);
        case TC32:
            if (t == 0)
                return address + 4 + ((uint32_t)sx(bits, 11) << 12 | (bits >> 16 & 0x7FF) << 1);
            if (t == 3) return ((address + 4) & ~3u) + ((bits & 0xFF) << 2);
            return address + 4 + (uint32_t)sx(bits, t == 1 ? 11 : 8) * 2;
        default:
            if (t == 0) return ((address + 4) & 0xF0000000u) | (bits & 0x3FFFFFF) << 2;
            return address + 4 + (uint32_t)sx(bits, 16) * 4;
    }
}

static uint32_t field_write(int isa, int type, uint32_t bits, uint32_t address, uint32_t target) {
    int t = type - OWN;
    uint32_t d = target - address - 4;
    if (type == FRAME_COMMON) return address - target;
    if (type == FRAME_START || type == FRAME_LENGTH) return target - address;
    if (t < 0) return (bits & tag_of(isa)) | target;
    switch (isa) {
        case THUMB: return write_thumb(t, bits, address, target);
        case ARM:
            d -= 4;
            if (t == 0) return (bits & 0xFF000000u) | (d >> 2 & 0xFFFFFF);
            if (t == 2) return (bits & 0xFE000000u) | (d & 2) << 23 | (d >> 2 & 0xFFFFFF);
            return (bits & 0xFF7FF000u) | (d >> 31 ? 0 : 0x800000) | (magnitude(d) & 0xFFF);
        case XTENSA:
        case XTENSA0:
            switch (t) {
                case 0: return (bits & 0x3F) | ((target - (address & ~3u) - 4) >> 2 & 0x3FFFF) << 6;
                case 1: return (bits & 0xFF) | ((target - ((address + 3) & ~3u)) >> 2 & 0xFFFF) << 8;
                case 2: return (bits & 0x3F) | (d & 0x3FFFF) << 6;
                case 3: return (bits & 0xFFF) | (d & 0xFFF) << 12;
                default: return (bits & 0xFFFF) | (d & 0xFF) << 16;
            }
        case RV32:
        case RV64: return write_riscv(t, bits, address, target);
        case AVR:
            if (t == 0) return (bits & 0xFFFF) | target >> 1 << 16;
            return t == 1 ? (bits & 0xF000) | ((target - address - 2) >> 1 & 0xFFF) : (bits & 0xFFFF) | target << 16;
        case TC32:
            if (t == 0) return (bits & 0xF800F800u) | (d >> 12 & 0x7FF) | (d >> 1 & 0x7FF) << 16;
            if (t == 1) return (bits & 0xF800) | (d >> 1 & 0x7FF);
            if (t == 2) return (bits & 0xFF00) | (d >> 1 & 0xFF);
            return (bits & 0xFF00) | ((target - ((address + 4) & ~3u)) >> 2 & 0xFF);
        default:
            if (t == 0) return (bits & 0xFC000000u) | (target >> 2 & 0x3FFFFFF);
            return (bits & 0xFFFF0000u) | (d >> 2 & 0xFFFF);
    }
}

/* ---- Instruction sets: sweeps ---- */

static fpd_reference *pending(fpd_decoder *d, uint32_t i) { return &d->held_back.pending[(d->pending_head + i) % FPD_PENDING]; }

/* How far a reference lies behind an offset, both known to be near each other. */
static int16_t behind(const fpd_reference *r, uint32_t offset) { return (int16_t)(uint16_t)(offset - r->offset); }

static void found(fpd_decoder *d, uint32_t o, int type, uint32_t target, uint32_t back) {
    if (!BIT(d->mask, type) || o + (uint32_t)size_of(d->isa, type) > d->part_to) return;
    if (d->pending_size == FPD_PENDING) {
        d->failed = FPD_LIMIT;
        return;
    }
    uint32_t i = d->pending_size++;
    for (; i > 0 && behind(pending(d, i - 1), o) < 0; i--) *pending(d, i) = *pending(d, i - 1);
    fpd_reference *r = pending(d, i);
    r->offset = (uint16_t)o;
    r->target = target;
    r->back = (uint16_t)(back | (uint32_t)type << 11);
}

static void if_in_image(fpd_decoder *d, uint32_t o, int type) {
    if (!BIT(d->mask, type)) return;
    uint32_t target = field_read(d->isa, type, old_bits(d, o, size_of(d->isa, type)), o + d->part_base);
    if (in_image(d, target)) found(d, o, type, target, 0);
}

static uint32_t next_thumb(fpd_decoder *d, uint32_t o) {
    uint32_t op = half(d, o);
    int wide = op >> 11 >= 29, t = -1;
    if (wide) {
        uint32_t op2 = half(d, o + 2);
        if ((op & 0xF800) == 0xF000 && (op2 & 0x8000)) {
            uint32_t k = op2 & 0xD000;
            if (k == 0xD000) t = 0;
            if (k == 0x9000) t = 1;
            if (k == 0x8000 && (op >> 6 & 15) < 14) t = 2;
        } else if ((op & 0xFF7F) == 0xF85F) {
            t = 6;
        }
    } else if (op >> 11 == 0x1C) {
        t = 3;
    } else if (op >> 12 == 0xD && (op >> 8 & 15) < 14) {
        t = 4;
    } else if (op >> 11 == 9) {
        t = 5;
    }
    if (t >= 0) if_in_image(d, o, OWN + t);
    return wide ? 4 : 2;
}

static uint32_t next_word(fpd_decoder *d, uint32_t o) {
    uint32_t op = old_bits(d, o, 4), code = op >> 26;
    int t = -1;
    if (d->isa == MIPS) {
        if (code == 2 || code == 3)
            t = 0;
        else if ((code >= 4 && code <= 7) || (code == 1 && (op >> 16 & 14) == 0))
            t = 1;
    } else if (op >> 25 == 0x7D) {
        t = 2;
    } else if ((op >> 25 & 7) == 5) {
        t = 0;
    } else if ((op & 0x0F3F0000) == 0x051F0000 && op >> 28 != 15) {
        t = 1;
    }
    if (t >= 0) if_in_image(d, o, OWN + t);
    return 4;
}

static int is_entry(fpd_decoder *d, uint32_t o) {
    if ((o + d->part_base) & 3) return 0;
    uint32_t b0 = old_at(d, o), b1 = old_at(d, o + 1);
    if (d->isa == XTENSA) return b0 == 0x36 && (b1 & 15) == 1;
    return b0 == 0x12 && b1 == 0xC1 && old_at(d, o + 2) >= 0x80;
}

static void inspect_xtensa(fpd_decoder *d, uint32_t o) {
    uint32_t bits = old_bits(d, o, 3), n = bits >> 4 & 3;
    int t = -1;
    switch (bits & 15) {
        case 1: t = 1; break;
        case 5: t = d->isa == XTENSA || n == 0 ? 0 : -1; break;
        case 6: t = n == 0 ? 2 : n == 1 ? 3 : n == 2 || (bits >> 6 & 3) >= 2 ? 4 : -1; break;
        case 7: t = 4; break;
        default: break;
    }
    if (t == 0 && d->isa == XTENSA) {
        int32_t target = old_offset(d, field_read(d->isa, OWN, bits, o + d->part_base));
        if (target < 0 || old_at(d, (uint32_t)target) != 0x36 || (old_at(d, (uint32_t)target + 1) & 15) != 1) return;
    }
    if (t >= 0) if_in_image(d, o, OWN + t);
}

static uint32_t next_xtensa(fpd_decoder *d, uint32_t o) {
    if (is_entry(d, o)) d->on = 1;
    if (!d->on) return 4;
    uint32_t length = (old_at(d, o) & 15) < 8 ? 3 : 2;
    if (length == 3) inspect_xtensa(d, o);
    if (is_entry(d, o + 1)) return 1;
    return length == 3 && is_entry(d, o + 2) ? 2 : length;
}

static uint32_t next_avr(fpd_decoder *d, uint32_t o) {
    uint32_t op = half(d, o);
    int jump = (op & 0xFE0C) == 0x940C, data = (op & 0xFC0F) == 0x9000;
    if ((op & 0xFFFD) == 0x940C) {
        if_in_image(d, o, OWN);
    } else if (data) {
        uint32_t target = 0x800000 + half(d, o + 2);
        if (in_ram(AVR, target)) found(d, o, OWN + 2, target, 0);
    } else if (op >> 12 == 0xC || op >> 12 == 0xD) {
        if_in_image(d, o, OWN + 1);
    }
    return jump || data ? 4 : 2;
}

static uint32_t next_tc32(fpd_decoder *d, uint32_t o) {
    uint32_t op = half(d, o);
    int call = op >> 11 == 0x12 && half(d, o + 2) >> 11 == 0x13, t = -1;
    if (call)
        t = 0;
    else if (op >> 11 == 0x10)
        t = 1;
    else if (op >> 12 == 0xC && (op >> 8 & 15) < 14)
        t = 2;
    else if (op >> 11 == 1)
        t = 3;
    if (t >= 0) if_in_image(d, o, OWN + t);
    return call ? 4 : 2;
}

#define CALLER_SAVED 0xF003FCE2u

/* A register is added to; returns whether it holds the upper part of an address that counts. */
static int use_upper(fpd_decoder *d, uint32_t o, uint32_t r, uint32_t offset, int field, int jump) {
    if (!BIT(d->tracked, r) || o - d->upper_at[r] > REACH) return 0;
    uint32_t target = d->upper[r] + offset, m = 1u << r;
    int relative = (d->relative & m) != 0;
    if (!in_image(d, target) && !in_ram(d->isa, target) && !(relative && jump)) return 0;
    if (!(d->named & m)) {
        d->named |= m;
        found(d, d->upper_at[r], relative ? OWN : OWN + 1, target, 0);
    }
    if (field) found(d, o, relative ? OWN + 2 : OWN + 3, target, relative ? o - d->upper_at[r] : 0);
    return 1;
}

static void access(fpd_decoder *d, uint32_t o, uint32_t r, uint32_t op) {
    if (!use_upper(d, o, r, offset_of(op), 1, 0) && r != 2) found(d, o, OWN + 8, FIELDS + offset_of(op), 0);
}

static void riscv_wide(fpd_decoder *d, uint32_t o, uint32_t op) {
    uint32_t rd = op >> 7 & 31, rs = op >> 15 & 31, imm = (uint32_t)sx(op >> 20, 12), m = 1u << rd;
    switch (op & 0x7F) {
        case 0x37:
        case 0x17:
            d->upper[rd] = (op & 0xFFFFF000) + ((op & 0x7F) == 0x17 ? o + d->part_base : 0);
            d->upper_at[rd] = o;
            d->tracked = rd ? d->tracked | m : d->tracked & ~m;
            d->relative = (op & 0x7F) == 0x17 ? d->relative | m : d->relative & ~m;
            d->named &= ~m;
            break;
        case 0x6F:
            if_in_image(d, o, OWN + 4);
            d->tracked &= rd ? ~CALLER_SAVED : 0;
            break;
        case 0x63: if_in_image(d, o, OWN + 5); break;
        case 0x13:
        case 0x1B:
            if ((op >> 12 & 7) == 0) use_upper(d, o, rs, imm, 1, 0);
            d->tracked &= ~m;
            break;
        case 0x03:
            access(d, o, rs, op);
            d->tracked &= ~m;
            break;
        case 0x07:
        case 0x23:
        case 0x27: access(d, o, rs, op); break;
        case 0x67:
            use_upper(d, o, rs, imm, 1, 1);
            d->tracked &= rd ? ~CALLER_SAVED : 0;
            break;
        default: d->tracked &= ~m;
    }
}

static void riscv_short(fpd_decoder *d, uint32_t o, uint32_t op) {
    uint32_t rd = 1u << (op >> 7 & 31), low = 1u << (8 + (op >> 2 & 7)), middle = 8 + (op >> 7 & 7);
    int is64 = d->isa == RV64;
    switch ((op & 3) << 3 | op >> 13) {
        case 0: d->tracked &= ~low; break;
        case 2:
        case 6:
            use_upper(d, o, middle, short_offset(op), 0, 0);
            found(d, o, OWN + 9, FIELDS + short_offset(op), 0);
            d->tracked &= op >> 15 ? ~0u : ~low;
            break;
        case 3: d->tracked &= is64 ? ~low : ~1u; break;
        case 8:
            use_upper(d, o, op >> 7 & 31, (uint32_t)sx(BIT(op, 12) << 5 | (op >> 2 & 31), 6), 0, 0);
            d->tracked &= ~rd;
            break;
        case 9:
            if (is64) {
                d->tracked &= ~rd;
            } else {
                if_in_image(d, o, OWN + 6);
                d->tracked &= ~CALLER_SAVED;
            }
            break;
        case 10:
        case 11:
        case 16:
        case 18: d->tracked &= ~rd; break;
        case 12: d->tracked &= ~(1u << middle); break;
        case 13:
            if_in_image(d, o, OWN + 6);
            d->tracked = 0;
            break;
        case 14:
        case 15: if_in_image(d, o, OWN + 7); break;
        case 19: d->tracked &= is64 ? ~rd : ~1u; break;
        case 20:
            if (op >> 2 & 31)
                d->tracked &= ~rd;
            else
                d->tracked &= op & 0x1000 ? ~CALLER_SAVED : 0;
            break;
        default: break;
    }
}

static uint32_t next_riscv(fpd_decoder *d, uint32_t o) {
    uint32_t op = half(d, o);
    if ((op & 3) == 3) {
        riscv_wide(d, o, old_bits(d, o, 4));
        return 4;
    }
    riscv_short(d, o, op);
    return 2;
}

static int is_record(fpd_decoder *d, uint32_t at, uint32_t base) {
    if ((int32_t)at < 0) return 0;
    uint32_t length = old_bits(d, at, 4), back = old_bits(d, at + 4, 4), common = at + 4 - back;
    return length >= 12 && length < 4096 && (int32_t)back > 0 && (int32_t)common >= 0 && common < at
           && old_bits(d, common, 4) < 64 && old_bits(d, common + 4, 4) == 0
           && (old_at(d, common + 8) == 1 || old_at(d, common + 8) == 3) && old_at(d, common + 9) == 'z'
           && in_image(d, at + 8 + base + old_bits(d, at + 8, 4));
}

static int word_type(fpd_decoder *d, uint32_t o) {
    uint32_t base = d->part_base;
    int type = -1;
    if ((o + base) & 3 || o + 4 > d->part_to || d->isa == AVR) return -1;
    if (d->isa == RV32 || d->isa == RV64) {
        type = is_record(d, o - 4, base)    ? FRAME_COMMON
               : is_record(d, o - 8, base)  ? FRAME_START
               : is_record(d, o - 12, base) ? FRAME_LENGTH
                                            : -1;
    }
    uint32_t value = old_bits(d, o, 4) & ~tag_of(d->isa);
    if (type < 0) type = in_ram(d->isa, value) ? RAM_POINTER : value >= 0x100 && in_image(d, value) ? POINTER : -1;
    return type >= 0 && BIT(d->mask, type) ? type : -1;
}

static void enter_part(fpd_decoder *d, uint32_t o) {
    d->inside = d->sweeping = 0;
    d->part_from = o;
    d->part_to = o + 1;
    for (int i = 0; i < d->old_count && !d->inside; i++) {
        const fpd_segment *g = &d->old_segments[i];
        if (o - g->offset >= g->length) continue;
        d->inside = 1;
        d->part_from = g->offset;
        d->part_to = g->offset + g->length;
        d->part_base = g->address - g->offset;
    }
}

static void sweep_through(fpd_decoder *d, uint32_t o) {
    uint32_t end = o + 1 + (d->isa == RV32 || d->isa == RV64 ? REACH : 0);
    if (end > d->part_to) end = d->part_to;
    if (!d->sweeping) {
        uint32_t start = o - d->part_from > WARM_UP ? o - WARM_UP : d->part_from;
        uint32_t unit = d->isa == ARM || d->isa == MIPS || d->isa == XTENSA || d->isa == XTENSA0 ? 3 : 1;
        d->sweep_at = start + ((0 - (start + d->part_base)) & unit);
        d->sweeping = 1;
        d->on = 0;
        d->tracked = d->relative = d->named = 0;
        d->pending_size = 0;
    }
    while (d->sweep_at < end) {
        uint32_t at = d->sweep_at;
        while (d->pending_size > 0 && behind(pending(d, 0), at < o ? at - REACH : o) > 0) { /* nobody will ask */
            d->pending_head++;
            d->pending_size--;
        }
        switch (d->isa) {
            case THUMB: at += next_thumb(d, at); break;
            case ARM:
            case MIPS: at += next_word(d, at); break;
            case XTENSA:
            case XTENSA0: at += next_xtensa(d, at); break;
            case RV32:
            case RV64: at += next_riscv(d, at); break;
            case AVR: at += next_avr(d, at); break;
            default: at += next_tc32(d, at); break;
        }
        d->sweep_at = at;
    }
    while (d->pending_size > 0 && behind(pending(d, 0), o) > 0) {
        d->pending_head++;
        d->pending_size--;
    }
}

/* The type of the reference that begins at an offset of the old image, or -1. */
static int reference_at(fpd_decoder *d, uint32_t o) {
    if (o < d->part_from || o >= d->part_to) enter_part(d, o);
    if (!d->inside) return -1;
    int type = word_type(d, o);
    if (type >= 0) {
        uint32_t bits = old_bits(d, o, 4);
        d->found_back = 0;
        d->found_target = type == FRAME_LENGTH ? o - 4 + d->part_base + old_bits(d, o - 4, 4) + bits
                                               : field_read(d->isa, type, bits, o + d->part_base);
        return type;
    }
    sweep_through(d, o);
    if (d->pending_size == 0 || behind(pending(d, 0), o) != 0) return -1;
    const fpd_reference *r = pending(d, 0);
    uint32_t word = o + 1 + ((0 - (o + 1 + d->part_base)) & 3);
    type = r->back >> 11;
    if (word < o + (uint32_t)size_of(d->isa, type) && word_type(d, word) >= 0) return -1;
    d->found_target = r->target;
    d->found_back = r->back & 0x7FF;
    return type;
}

/* ---- Entropy stage ---- */

static uint32_t next_byte(fpd_decoder *d) {
    return d->ring_head == d->ring_tail ? 0 : d->ring[d->ring_head++ % FPD_RING];
}

static int decode(fpd_decoder *d, uint32_t p) {
    if (!d->started) {
        d->started = 1;
        for (int i = 0; i < 4; i++) d->code = d->code << 8 | next_byte(d);
    }
    uint32_t bound = (d->range >> 16) * p;
    int bit = d->code < bound;
    if (bit) {
        d->range = bound;
    } else {
        d->code -= bound;
        d->range -= bound;
    }
    while (d->range < 1u << 24) {
        d->range <<= 8;
        d->code = d->code << 8 | next_byte(d);
    }
    return bit;
}

static int32_t log2_of(uint32_t x) {
    int whole = bit_length(x) - 1;
    uint32_t mantissa = (x << (16 - whole)) & 0xFFFF, i = mantissa >> 8;
    return whole * 4096 + (int32_t)(LOG2[i] + ((LOG2[i + 1] - LOG2[i]) * (mantissa & 0xFF) >> 8));
}

static int32_t stretch(uint32_t p) {
    int32_t v = log2_of(p) - log2_of(65536 - p);
    return v >= 0 ? v / 16 : -((-v + 15) / 16); /* floor */
}

static uint32_t squash(int64_t x) {
    uint32_t limited = (uint32_t)((x < -4095 ? -4095 : x > 4095 ? 4095 : x) + 4096), i = limited / 32;
    return SQUASH[i] + (SQUASH[i + 1] - SQUASH[i]) * (limited % 32) / 32;
}

static void learn(fpd_decoder *d, uint32_t cell, int bit) {
    static const uint16_t RATE[16] = {40960, 25206, 18204, 14246, 11702, 9929, 8623, 7620,
                                      6087,  5429,  4841,  4317,  3850,  3433, 3062, 2730};
    uint32_t p = d->cells[cell] >> 4, count = d->cells[cell] & 15;
    if (bit)
        p += ((4095 - p) * RATE[count] + 65535) >> 16;
    else
        p -= (p * RATE[count] + 65535) >> 16;
    d->cells[cell] = (uint16_t)(p << 4 | (count < 15 ? count + 1 : 15));
}

static int direct(fpd_decoder *d, uint32_t cell) {
    uint32_t p = d->cells[cell] & 0xFFF0u;
    int bit = decode(d, p < 32 ? 32 : p > 65504 ? 65504 : p);
    learn(d, cell, bit);
    return bit;
}

/* A decision that is nearly always the same: 22 bits of probability above a count. */
static int sure(fpd_decoder *d, uint32_t *cell) {
    uint32_t p = *cell >> 10, count = *cell & 1023;
    int bit = decode(d, p >> 6 ? p >> 6 : 1);
    uint64_t far = bit ? (1u << 22) - 1 - p : p;
    uint32_t step = (uint32_t)((far * (131072 / (2 * count + 3)) + 65535) >> 16);
    *cell = (bit ? p + step : p - step) << 10 | (count < 127 ? count + 1 : count);
    return bit;
}

static uint32_t once_in(uint32_t times, uint32_t count) { return ((1u << 22) - (1u << 22) / times) << 10 | count; }

static void use(fpd_decoder *d, uint32_t cell) {
    uint32_t p = d->cells[cell] & 0xFFF0u;
    d->used[d->inputs] = cell;
    d->stretched[d->inputs++] = stretch(p ? p : 1);
}

static void use_nothing(fpd_decoder *d) {
    d->used[d->inputs] = FPD_CELLS;
    d->stretched[d->inputs++] = 0;
}

static int64_t floor_shift(int64_t v, int bits) { return v >= 0 ? v >> bits : -((-v + ((int64_t)1 << bits) - 1) >> bits); }

static int mix(fpd_decoder *d, int weight) {
    int64_t dot = 0;
    for (int i = 0; i < d->inputs; i++) dot += (int64_t)d->weights[weight + i] * d->stretched[i];
    uint32_t p = squash(floor_shift(dot, 16));
    int bit = decode(d, p);
    int64_t error = ((bit ? 65536 : 0) - (int32_t)p) * 12;
    for (int i = 0; i < d->inputs; i++) {
        if (d->used[i] == FPD_CELLS) continue;
        d->weights[weight + i] += (int32_t)floor_shift(d->stretched[i] * error + (1 << 17), 18);
        learn(d, d->used[i], bit);
    }
    d->inputs = 0;
    return bit;
}

static uint32_t hash(uint32_t a, uint32_t b) {
    uint32_t h = (a * 0x2C1B3C6Du) ^ (b * 0x297A2D39u);
    return h ^ h >> 15;
}

static uint32_t key_of(uint32_t kind, uint32_t h) { return (h + kind * 0x7F4A7C15u) * 0x9E3779B1u; }

static uint32_t few_cell(uint32_t kind, uint32_t h) { return C_FEW + (key_of(kind, h) >> (32 - FPD_FEW_BITS)); }

/* Whether something was not as expected before in a context. */
static int is_known(const fpd_decoder *d, uint32_t key) {
    uint32_t s = key >> (32 - FPD_FLAG_BITS);
    return d->flag_known[s >> 3] >> (s & 7) & 1 && d->flag_tags[s] == (uint8_t)(key >> (24 - FPD_FLAG_BITS));
}

/* The same; its cell is used if so. */
static int use_surprise(fpd_decoder *d, uint32_t key) {
    int known = is_known(d, key);
    if (known)
        use(d, C_FLAGS + (key >> (32 - FPD_FLAG_BITS)));
    else
        use_nothing(d);
    return known;
}

static void surprised(fpd_decoder *d, uint32_t key) {
    uint32_t s = key >> (32 - FPD_FLAG_BITS);
    if (is_known(d, key)) return;
    d->flag_known[s >> 3] |= (uint8_t)(1 << (s & 7));
    d->flag_tags[s] = (uint8_t)(key >> (24 - FPD_FLAG_BITS));
    d->cells[C_FLAGS + s] = 1 << 13 | 1;
}

static uint32_t byte_cell(uint32_t kind, uint32_t h) {
    return C_BYTES + (key_of(kind, h) >> (32 - FPD_BYTE_BITS));
}

static uint32_t number(fpd_decoder *d, uint32_t first) {
    uint32_t bits = 0, coded = 1;
    while (bits < 30 && direct(d, first + bits)) bits++;
    for (uint32_t below = 0; below < bits; below++) {
        uint32_t cell = first + 30 + 3 * (bits - 1) + (below == 0 ? 0 : coded - 1);
        int bit = below < 2 ? direct(d, cell) : decode(d, 1 << 15);
        coded = coded << 1 | (uint32_t)bit;
    }
    return coded - 1;
}

/* One that is often a multiple of two or four. */
static uint32_t aligned_number(fpd_decoder *d, uint32_t first) {
    uint32_t fours = number(d, first), low = first + 120 + (fours == 0 ? 3 : 0);
    uint32_t two = (uint32_t)direct(d, low);
    return fours << 2 | two << 1 | (uint32_t)direct(d, low + 1 + two);
}

/* ---- Copies ---- */

static uint32_t read_seek(fpd_decoder *d, uint32_t gap) {
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t expected = d->recent_shift[i] - d->old_end + d->target_end + gap;
        if (expected == 0 || (i == 0 && gap == 0)) continue;
        if (direct(d, C_RANK + (gap == 0 ? 0u : 8u) + i)) return expected;
    }
    if (!direct(d, C_SEEK + (uint32_t)d->last_kind)) {
        d->last_kind = 0;
        return 0;
    }
    int negative = direct(d, C_SEEK + 4 + (uint32_t)d->last_kind);
    d->last_kind = 1 + negative;
    uint32_t magnitude = aligned_number(d, C_SEEKS);
    return gap + (negative ? 0 - magnitude : magnitude);
}

static uint32_t old_of(const fpd_copy *c) { return c->old_at & 0xFFFFFF; }

static uint32_t new_of(const fpd_copy *c) { return c->new_at & 0xFFFFFF; }

static uint32_t length_of(const fpd_copy *c) { return c->old_at >> 24 | c->new_at >> 24 << 8; }

static int before(const fpd_copy *a, const fpd_copy *b) {
    return old_of(a) < old_of(b) || (old_of(a) == old_of(b) && new_of(a) < new_of(b));
}

static void sort_copies(fpd_decoder *d) { /* by old offset; heap sort */
    fpd_copy *c = d->copies;
    uint32_t n = d->copy_count, end = n, root, start = n / 2;
    while (end > 1) {
        if (start > 0) {
            start--;
        } else {
            fpd_copy t = c[--end];
            c[end] = c[0];
            c[0] = t;
        }
        root = start;
        while (2 * root + 1 < end) {
            uint32_t child = 2 * root + 1;
            if (child + 1 < end && before(&c[child], &c[child + 1])) child++;
            if (!before(&c[root], &c[child])) break;
            fpd_copy t = c[root];
            c[root] = c[child];
            c[child] = t;
            root = child;
        }
    }
}

/* The next copy in the order of the new image; the list is in the order of the old one. */
static void next_copy(fpd_decoder *d, int first) {
    uint32_t best = d->copy_count;
    for (uint32_t i = 0; i < d->copy_count; i++)
        if (new_of(&d->copies[i]) >= d->at
            && (best == d->copy_count || new_of(&d->copies[i]) < new_of(&d->copies[best])))
            best = i;
    uint32_t end = 0;
    if (!first) {
        const fpd_copy *c = &d->copies[d->current];
        d->previous_old = old_of(c);
        d->previous_new = new_of(c);
        end = d->previous_old + length_of(c);
    }
    d->current = best;
    d->clear = 0;
    if (best == d->copy_count) return;
    uint32_t at = old_of(&d->copies[best]);
    if (at < end || at - end > WARM_UP) d->sweeping = 0;
}

static int read_copy(fpd_decoder *d) {
    uint32_t gap = number(d, C_GAPS), seek = read_seek(d, gap);
    uint64_t length = (uint64_t)number(d, C_LENGTHS) + 1, target = (uint64_t)d->target_end + gap;
    int64_t old = (int64_t)d->old_end + (int32_t)seek;
    if (target + length > d->new_size || old < 0 || (uint64_t)old + length > d->old_size) return FPD_MALFORMED;
    if (length > 0xFFFF) return FPD_MALFORMED;
    fpd_copy *c = &d->copies[d->copies_read++];
    c->new_at = (uint32_t)target | (uint32_t)length >> 8 << 24;
    c->old_at = (uint32_t)old | (uint32_t)length << 24;
    uint32_t shift = (uint32_t)old - (uint32_t)target;
    int i = 0;
    while (i < 7 && d->recent_shift[i] != shift) i++;
    for (; i > 0; i--) d->recent_shift[i] = d->recent_shift[i - 1];
    d->recent_shift[0] = shift;
    d->target_end = (uint32_t)(target + length);
    d->old_end = (uint32_t)(old + (int64_t)length);
    if (d->copies_read == d->copy_count) {
        sort_copies(d);
        next_copy(d, 1);
    }
    return 0;
}

/* ---- Prediction of references ---- */

static const fpd_copy *find_copy(const fpd_decoder *d, uint32_t offset, int *covers) {
    uint32_t low = 0, high = d->copy_count, distance = 0x7FFFFFFF;
    const fpd_copy *best = 0, *nearest = 0;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (old_of(&d->copies[middle]) <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t i = 1; i <= 8 && i <= low; i++) {
        const fpd_copy *c = &d->copies[low - i];
        uint32_t inside = offset - old_of(c), length = length_of(c);
        if (inside < length) {
            if (!best || length > length_of(best)) best = c;
        } else if (inside - length + 1 < distance) {
            distance = inside - length + 1;
            nearest = c;
        }
    }
    *covers = best != 0;
    if (best) return best;
    if (low < d->copy_count && old_of(&d->copies[low]) - offset < distance) return &d->copies[low];
    return nearest;
}

static uint32_t slot(uint32_t target) { return target * 0x9E3779B1u >> 24; }

static int was_surprising(const fpd_decoder *d, uint32_t s) { return d->surprising[s >> 3] >> (s & 7) & 1; }

static int ram_index(const fpd_decoder *d, uint32_t address) {
    int low = 0, high = d->ram_size;
    while (low < high) {
        int middle = (low + high) / 2;
        if (d->ram_old[middle] < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t predict(fpd_decoder *d, uint32_t target) {
    int32_t old = old_offset(d, target);
    const fpd_copy *c = &d->copies[d->current];
    uint32_t s = slot(target);
    int known = d->learned_old[s] == target;
    if (old >= 0 && (uint32_t)old - old_of(c) < length_of(c) && !(known && was_surprising(d, s))) {
        d->source = 3;
        return address_of(d->new_segments, d->new_count, (uint32_t)old + new_of(c) - old_of(c));
    }
    if (known) {
        d->source = 2;
        return d->learned_new[s];
    }
    if (old < 0) {
        d->source = 0;
        if (!in_ram(d->isa, target)) return target;
        int i = ram_index(d, target);
        if (i == d->ram_size
            || (i > 0 && (int32_t)(target - d->ram_old[i - 1]) <= (int32_t)(d->ram_old[i] - target)))
            i--;
        return i < 0 ? target : target + d->ram_move[i];
    }
    c = find_copy(d, (uint32_t)old, &d->source);
    return address_of(d->new_segments, d->new_count, (uint32_t)old + (c ? new_of(c) - old_of(c) : 0));
}

static void learn_ram(fpd_decoder *d, uint32_t target, uint32_t now) {
    if (!in_ram(d->isa, target)) return;
    int i = ram_index(d, target);
    if (i < d->ram_size && d->ram_old[i] == target) {
        d->ram_move[i] = now - target;
    } else if (d->ram_size < FPD_RAM) {
        for (int k = d->ram_size++; k > i; k--) {
            d->ram_old[k] = d->ram_old[k - 1];
            d->ram_move[k] = d->ram_move[k - 1];
        }
        d->ram_old[i] = target;
        d->ram_move[i] = now - target;
    }
}

static uint32_t remember(fpd_decoder *d, int32_t steps, int from) {
    for (int i = from; i > 0; i--) d->recent_steps[i] = d->recent_steps[i - 1];
    d->recent_steps[0] = steps;
    return (uint32_t)steps;
}

static uint32_t read_moved(fpd_decoder *d, int type, uint32_t bits, uint32_t base, uint32_t near) {
    uint32_t stays = field_read(d->isa, type, bits, base) - near, unit = (uint32_t)unit_of(d->isa, type);
    uint32_t t = (uint32_t)type;
    d->stayed = stays != 0 && direct(d, C_UNCHANGED + t);
    if (d->stayed) return stays;
    if (!direct(d, C_SAME + t)) return 0;
    for (int i = 0; i < 4; i++)
        if (d->recent_steps[i] != 0 && direct(d, C_RECENT + t * 5 + (uint32_t)i))
            return remember(d, d->recent_steps[i], i) * unit;
    int negative = direct(d, C_SIGN + t);
    uint32_t magnitude = number(d, C_DISTANCE) + 1;
    return remember(d, (int32_t)(negative ? 0 - magnitude : magnitude), 3) * unit;
}

static int reference_hits(fpd_decoder *d, uint32_t key, int type) {
    uint32_t bucket = bits_to_15(d->reference_since_miss), t = (uint32_t)type;
    if (!is_known(d, key)) return sure(d, &d->calm_references[(t << 2 | (uint32_t)d->source) << 2 | (d->type_hits[t] & 3u)]);
    use(d, few_cell(8, (t * 4 + (uint32_t)d->source) << 3 | (d->type_hits[t] & 7u)));
    use(d, few_cell(10, bucket << 5 | t));
    use_surprise(d, key);
    return mix(d, W_REFERENCE + (d->source << 1 | 1) * 3);
}

static int read_reference(fpd_decoder *d, int type, uint32_t offset) {
    uint32_t aim = d->found_target;
    uint32_t base = type == FRAME_LENGTH ? d->last_target
                                         : address_of(d->new_segments, d->new_count, d->at) - d->found_back;
    uint32_t bits = old_bits(d, offset, size_of(d->isa, type));
    uint32_t predicted = predict(d, aim), now = predicted;
    uint32_t guess = field_write(d->isa, type, bits, base, predicted);
    uint32_t key = key_of(9, hash(aim, (uint32_t)type));
    int hit = reference_hits(d, key, type);
    if (!hit) surprised(d, key);
    d->type_hits[type] = (uint8_t)(d->type_hits[type] << 1 | hit);
    d->reference_since_miss = hit ? d->reference_since_miss + 1 : 0;
    d->coded = guess;
    if (!hit) {
        uint32_t near = field_read(d->isa, type, guess, base);
        uint32_t moved = read_moved(d, type, bits, base, near);
        if (moved == 0) {
            d->last_target = predicted;
            return 0;
        }
        d->coded = d->stayed ? bits : field_write(d->isa, type, bits, base, near + moved);
        now = predicted + moved;
        learn_ram(d, aim, now);
    }
    d->last_target = now;
    if (tells_target(d->isa, type)) {
        uint32_t s = slot(aim);
        if (!hit)
            d->surprising[s >> 3] |= (uint8_t)(1 << (s & 7));
        else if (d->learned_old[s] != aim)
            d->surprising[s >> 3] &= (uint8_t)~(1 << (s & 7));
        d->learned_old[s] = aim;
        d->learned_new[s] = now;
    }
    return 1;
}

/* ---- Bytes ---- */

static uint32_t history_tag(uint32_t key) { return 1 + (key >> (26 - FPD_HISTORY_BITS) & 0x3F) % 63; }

/* The byte that came last in a context and, above it, how often in a row; -1 if the context is new. */
static int32_t recall(const uint16_t *entries, uint32_t context) {
    uint32_t key = context * 0x9E3779B1u, entry = entries[key >> (32 - FPD_HISTORY_BITS)];
    return entry >> 10 == history_tag(key) ? (int32_t)(entry & 0x3FF) : -1;
}

static void memorize(uint16_t *entries, uint32_t context, uint32_t value) {
    uint32_t key = context * 0x9E3779B1u, times = 0;
    int32_t known = recall(entries, context);
    if (known >= 0 && ((uint32_t)known & 0xFF) == value) times = known >> 8 < 3 ? (uint32_t)(known >> 8) + 1 : 3;
    entries[key >> (32 - FPD_HISTORY_BITS)] = (uint16_t)(history_tag(key) << 10 | times << 8 | value);
}

static void expect(fpd_decoder *d, int32_t seen, int bit, uint32_t node, uint32_t kind) {
    uint32_t byte = (uint32_t)seen & 0xFF;
    if (seen >= 0 && (byte | 0x100) >> (bit + 1) == node)
        use(d, C_EXPECT + kind + (((uint32_t)seen >> 8 & 3) << 1 | (byte >> bit & 1)));
    else
        use_nothing(d);
}

static uint32_t read_missed(fpd_decoder *d, uint32_t o, uint32_t three, uint32_t five) {
    uint32_t node = 1, expected = (o + d->differences) & 0xFF, hashes[4];
    int32_t near = recall(d->near_bytes, three), wide = recall(d->wide_bytes, five);
    hashes[0] = hash(o, 0x100);
    hashes[1] = hash(d->differences & 0xFFFF, expected);
    hashes[2] = hash(d->replacement[o], o == d->last_old ? 3 : 2);
    hashes[3] = hash(d->latest & 0xFF, d->last_hits & 3);
    for (int bit = 7; bit >= 0; bit--) {
        for (uint32_t i = 0; i < 4; i++) use(d, byte_cell(i + 1, hashes[i] + node * 0x3D4D51CBu));
        expect(d, (int32_t)(expected | 0x100), bit, node, 16);
        expect(d, near, bit, node, 0);
        expect(d, wide, bit, node, 8);
        node = node << 1 | (uint32_t)mix(d, W_BYTE + (int)(d->last_hits & 3) * 7);
    }
    node &= 0xFF;
    memorize(d->near_bytes, three, node);
    memorize(d->wide_bytes, five, node);
    return node;
}

static int byte_hits(fpd_decoder *d, const uint32_t *keys, uint32_t bucket) {
    uint32_t known = 0, last = d->last_hits & 7;
    for (int i = 0; i < 4; i++) known |= (uint32_t)is_known(d, keys[i]) << i;
    if (!known)
        return sure(d, &d->calm_bytes[(bucket < 3 ? bucket << 3 | last : bucket < 4 ? 24 : 25) << 2 | (d->at & 3)]);
    use(d, C_RUN + (bucket >> 1 << 5 | last << 2 | (d->at & 3)));
    for (int i = 0; i < 4; i++) use_surprise(d, keys[i]);
    int hit = mix(d, W_FLAG + (int)((bucket >> 1) << 2 | (known & 3)) * 5);
    for (int i = 0; hit && i < 4; i++) { /* forgotten is in what all has been as expected for long */
        uint32_t s = keys[i] >> (32 - FPD_FLAG_BITS);
        if (is_known(d, keys[i]) && d->cells[C_FLAGS + s] >> 4 == 4095) d->flag_known[s >> 3] &= (uint8_t)~(1 << (s & 7));
    }
    return hit;
}

/* A byte of a run in which not all stay; the last is the one that does not if none before was. */
static int open_hits(fpd_decoder *d) {
    uint32_t cell = FPD_RUNS + ((uint32_t)(bit_length(d->open) - 1) << 2 | (d->at & 3));
    int hit = d->open > 1 && sure(d, &d->runs[cell]);
    d->open = hit ? d->open - 1 : 0;
    return hit;
}

typedef struct {
    uint32_t old, three, five, keys[4];
} plain_context;

static void look(fpd_decoder *d, uint32_t at, plain_context *c) {
    uint32_t o = old_at(d, at), pair = o | old_at(d, at - 1) << 8;
    c->old = o;
    c->three = pair >> 8 | o << 8 | old_at(d, at + 1) << 16;
    c->five = hash(c->three, old_at(d, at - 2) | old_at(d, at + 2) << 8);
    c->keys[0] = key_of(1, c->three);
    c->keys[1] = key_of(2, c->five);
    c->keys[2] = key_of(3, o | (d->last_hits & 0xFF) << 8 | (d->at & 3) << 16);
    c->keys[3] = key_of(4, pair | (d->replacement[o] != o ? 1u : 0u) << 16 | (d->last_hits & 3) << 17);
}

/* How many bytes from an offset of the old image on stay, if those can be told at once. */
static uint32_t read_run_that_stays(fpd_decoder *d, uint32_t at, uint32_t limit) {
    uint32_t length = 0;
    if (d->open > 0 || (d->last_hits & 0xFF) != 0xFF) return 0;
    for (; length < limit; length++) {
        plain_context c;
        look(d, at + length, &c);
        if (is_known(d, c.keys[0]) || is_known(d, c.keys[1]) || is_known(d, c.keys[3])) break;
    }
    if (length == 0) return 0;
    if (!sure(d, &d->runs[(bits_to_15(d->since_miss) - 4) * 6 + (uint32_t)bit_length(length) - 1])) {
        d->open = length;
        return 0;
    }
    d->since_miss += length;
    return length;
}

static uint32_t read_plain(fpd_decoder *d, uint32_t at) {
    plain_context c;
    look(d, at, &c);
    uint32_t o = c.old, value = o;
    int hit = d->open > 0 ? open_hits(d) : byte_hits(d, c.keys, bits_to_15(d->since_miss));
    if (hit) {
        d->since_miss++;
    } else {
        for (int i = 0; i < 4; i++) surprised(d, c.keys[i]);
        value = read_missed(d, o, c.three, c.five);
        d->since_miss = 0;
        d->replacement[o] = (uint8_t)value;
        d->last_old = o;
        d->differences = d->differences << 8 | ((value - o) & 0xFF);
    }
    d->last_hits = d->last_hits << 1 | (uint32_t)hit;
    return value;
}

/* ---- Literals and repeats ---- */

static void remember_distance(fpd_decoder *d, uint32_t distance) {
    int i = 0;
    while (i < 3 && d->distances[i] != distance) i++;
    for (; i > 0; i--) d->distances[i] = d->distances[i - 1];
    d->distances[0] = distance;
}

static uint32_t byte_at(fpd_decoder *d, uint32_t distance) {
    if (distance - 1 < FPD_WINDOW && distance <= d->at) return d->out[(d->at - distance) % FPD_WINDOW];
    return old_at(d, d->old_size + d->at - distance);
}

/* The place of a run, which goes first among the distances, and its length. */
static uint32_t read_run(fpd_decoder *d, uint32_t cell, uint32_t beside, uint32_t after) {
    uint32_t end = d->old_size + d->at, rank = 0, distance;
    if (direct(d, C_AGAIN + cell)) {
        while (rank < 3 && !direct(d, C_AGAIN_RANK + 4 * after + rank)) rank++;
        remember_distance(d, d->distances[rank]);
        return number(d, C_AGAIN_LENGTHS) + 1;
    }
    if (direct(d, C_PLACE + after)) {
        int back = direct(d, C_PLACE + 2);
        uint32_t move = aligned_number(d, C_OLD_PLACES);
        distance = end - beside - (back ? 0 - move : move);
    } else {
        distance = aligned_number(d, C_NEW_PLACES) + 1;
    }
    remember_distance(d, distance);
    return number(d, C_RUN_LENGTHS) + 3;
}

static uint32_t read_byte(fpd_decoder *d, uint32_t expected, uint32_t after) {
    uint32_t node = 1, odd = d->at & 1, hashes[3];
    hashes[0] = hash(expected, 0x100);
    hashes[1] = hash(odd, 5);
    hashes[2] = hash(d->latest >> 4 & 15, odd);
    for (int bit = 0; bit < 8; bit++) {
        for (uint32_t i = 0; i < 3; i++) use(d, byte_cell(10 + i, hashes[i] + node * 0x3D4D51CBu));
        node = node << 1 | (uint32_t)mix(d, W_LITERAL + (int)(after << 1 | odd) * 3);
    }
    return node & 0xFF;
}

static uint32_t read_literal(fpd_decoder *d, uint32_t beside) {
    if (d->at != d->next_literal) {
        remember_distance(d, d->old_size + d->at - beside);
        d->run_history = d->run_left = 0;
    }
    d->next_literal = d->at + 1;
    if (d->run_left == 0) {
        uint32_t after = d->run_history & 1, cell = (d->run_history & 7) << 2 | (d->at & 3);
        d->run_history = d->run_history << 1 | (uint32_t)direct(d, C_REPEATS + cell);
        if (!(d->run_history & 1)) return read_byte(d, byte_at(d, d->distances[0]), after);
        d->run_left = read_run(d, cell, beside, after);
    }
    d->run_left--;
    return byte_at(d, d->distances[0]);
}

/* ---- New image ---- */

static void put32(uint8_t *p, uint32_t v) {
    for (int i = 0; i < 4; i++) p[i] = (uint8_t)(v >> (8 * i));
}

static void write_bytes(fpd_decoder *d, const uint8_t *bytes, uint32_t length) {
    uint32_t before = d->durable > d->made ? d->durable - d->made : 0;
    sha_add(&d->sha, bytes, length);
    d->made += length;
    if (before < length && d->io.write_new(d->io.user, bytes + before, length - before)) d->failed = FPD_IO;
}

/* ---- Tail ---- */

enum { TAIL_ESP = 1, TAIL_CRC, TAIL_LAST = TAIL_CRC + 3, TAIL_PLAIN = 1, TAIL_BIG = 2, TAIL_MOST = 33 };

static void begin_tail(fpd_decoder *d) {
    d->tail.sum = d->tail.kind == TAIL_ESP ? 0xEF : 0xFFFFFFFFu;
    sha_begin(&d->tail.sha);
}

/* A byte of an ESP image before its checksum: finds out where that is. */
static void follow_esp(fpd_decoder *d, uint32_t at, uint32_t value) {
    fpd_tail *t = &d->tail;
    uint32_t offset = at - t->start;
    if (offset < 24) {
        if (offset == 1) t->segments = value;
        if (offset == 0 ? value != 0xE9 : offset == 1 ? value - 1 > 15 : offset == 23 && value != 1)
            d->failed = FPD_MALFORMED;
        return;
    }
    if (t->left > 0) {
        t->sum ^= value;
        t->left--;
    } else {
        t->length = t->length >> 8 | value << 24;
        if (++t->field == 8) {
            t->field = 0;
            t->segments--;
            t->left = t->length;
            if (t->left >= d->new_size - at) d->failed = FPD_MALFORMED;
        }
    }
    if (t->left == 0 && t->segments == 0) {
        t->end = ((at + 1) | 15) + TAIL_MOST;
        if (t->end > d->new_size) d->failed = FPD_MALFORMED;
    }
}

/* Puts the right byte in the place of one of the tail; returns whether it is one. */
static int esp_byte(fpd_decoder *d, uint32_t at, uint8_t *b) {
    fpd_tail *t = &d->tail;
    uint32_t n = at + TAIL_MOST - t->end;
    if (at < t->start || (t->end && at >= t->end)) return 0;
    if (!t->end || at + TAIL_MOST < t->end) {
        sha_add(&t->sha, b, 1);
        if (!t->end) follow_esp(d, at, *b);
        return 0;
    }
    if (n > 0) {
        *b = digest_of(&t->sha)[n - 1];
    } else {
        *b = (uint8_t)t->sum;
        sha_add(&t->sha, b, 1);
        sha_end(&t->sha);
    }
    return 1;
}

static int crc_byte(fpd_decoder *d, uint32_t at, uint8_t *b) {
    fpd_tail *t = &d->tail;
    uint32_t form = t->kind - TAIL_CRC, from = d->new_size < 4 ? 0 : d->new_size - 4, n = at - from;
    if (at < from) {
        t->sum ^= *b;
        for (int i = 0; i < 8; i++) t->sum = t->sum >> 1 ^ (0xEDB88320u & (0 - (t->sum & 1)));
        return 0;
    }
    *b = (uint8_t)((form & TAIL_PLAIN ? t->sum : ~t->sum) >> (8 * (form & TAIL_BIG ? 3 - n : n)));
    return 1;
}

/* Writes from the window, which keeps what the body made in the place of the tail. */
static void write_payload(fpd_decoder *d, uint8_t *bytes, uint32_t length) {
    uint8_t kept[TAIL_MOST], made;
    uint32_t first = 0, count = 0;
    for (uint32_t i = 0; d->tail.kind && i < length; i++) {
        made = bytes[i];
        if (!(d->tail.kind == TAIL_ESP ? esp_byte : crc_byte)(d, d->flushed + i, bytes + i)) continue;
        if (count == 0) first = i;
        kept[count++] = made;
    }
    write_bytes(d, bytes, length);
    for (uint32_t i = 0; i < count; i++) bytes[first + i] = kept[i];
}

/* Writes what has not been written: a block, or what is left at the end. */
static void flush(fpd_decoder *d) {
    uint32_t length = d->at - d->flushed;
    if (length == 0) return;
    if (d->uf2) { /* payloads are whole blocks, so every flush is one */
        uint8_t frame[32];
        put32(frame, 0x0A324655);
        put32(frame + 4, 0x9E5D5157);
        put32(frame + 8, d->uf2_flags);
        put32(frame + 12, d->uf2_address + d->blocks_out * 256);
        put32(frame + 16, 256);
        put32(frame + 20, d->blocks_out++);
        put32(frame + 24, d->new_file / 512);
        put32(frame + 28, d->uf2_family);
        write_bytes(d, frame, 32);
    }
    write_payload(d, d->out + d->flushed % FPD_WINDOW, length);
    if (d->uf2) {
        uint8_t end[32];
        zero(end, sizeof end);
        for (int i = 0; i < 6; i++) write_bytes(d, end, 32);
        put32(end + 28, 0x0AB16F30);
        write_bytes(d, end, 32);
    }
    d->flushed = d->at;
}

static void emit(fpd_decoder *d, uint32_t value) {
    d->out[d->at++ % FPD_WINDOW] = (uint8_t)value;
    if (d->at % FPD_BLOCK == 0) flush(d);
    d->latest = d->latest << 8 | (value & 0xFF);
}

/* How many bytes lie before the next reference, the end of the copy, or a multiple of the longest run. */
static uint32_t reach(fpd_decoder *d, uint32_t at, uint32_t left) {
    uint32_t length = FPD_RUN - d->at % FPD_RUN;
    if (length > left) length = left;
    while (d->clear < at + length && reference_at(d, d->clear) < 0) d->clear++;
    return d->clear < at + length ? d->clear - at : length;
}

static void read_copied(fpd_decoder *d, uint32_t at, uint32_t left) {
    int type = at < d->clear ? -1 : reference_at(d, at);
    if (type < 0) {
        if (d->clear <= at) d->clear = at + 1;
        uint32_t length = read_run_that_stays(d, at, reach(d, at, left));
        if (length == 0) emit(d, read_plain(d, at));
        for (uint32_t i = 0; i < length; i++) emit(d, old_at(d, at + i));
        return;
    }
    uint32_t size = (uint32_t)size_of(d->isa, type);
    if (size > left) size = 0;
    if (size > 0 && read_reference(d, type, at)) {
        for (uint32_t i = 0; i < size; i++) emit(d, d->coded >> (8 * i));
    } else {
        d->plain_left = size > 0 ? size - 1 : 0;
        emit(d, read_plain(d, at));
    }
}

static int step(fpd_decoder *d) {
    if (d->copies_read < d->copy_count) return read_copy(d);
    const fpd_copy *c = d->current < d->copy_count ? &d->copies[d->current] : 0;
    if (!c || d->at < new_of(c)) {
        emit(d, read_literal(d, d->previous_old + d->at - d->previous_new));
        return 0;
    }
    uint32_t at = old_of(c) + d->at - new_of(c), left = new_of(c) + length_of(c) - d->at;
    if (d->plain_left > 0) {
        d->plain_left--;
        emit(d, read_plain(d, at));
    } else {
        read_copied(d, at, left);
    }
    if (d->at >= new_of(c) + length_of(c)) next_copy(d, 0);
    return 0;
}

/* ---- Header ---- */

typedef struct {
    const uint8_t *p;
    uint32_t at, length;
    int error; /* FPD_MORE if it ends too soon */
    int short_of;
} reader;

static uint32_t octet(reader *r) {
    if (r->at >= r->length) {
        r->short_of = 1;
        return 0;
    }
    return r->p[r->at++];
}

static uint32_t varint(reader *r, uint32_t max) {
    uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        uint32_t o = octet(r);
        value |= (uint64_t)(o & 0x7F) << shift;
        if (o < 0x80) {
            if ((shift > 0 && o == 0 && !r->short_of) || value > max) r->error = FPD_MALFORMED;
            return r->error ? 0 : (uint32_t)value;
        }
    }
    r->error = FPD_MALFORMED;
    return 0;
}

static void read_segments(reader *r, uint32_t size, fpd_segment *out, int *count) {
    uint32_t kind = octet(r), end = 0;
    *count = 0;
    if (kind == 0) {
        uint32_t v = varint(r, 0xFFFFFFFFu);
        out[0].offset = 0;
        out[0].length = size;
        out[0].address = v << 24 | (v & 0xFF00) << 8 | (v >> 8 & 0xFF00) | v >> 24;
        *count = 1;
        return;
    }
    if (kind != 1) r->error = FPD_MALFORMED;
    uint32_t n = varint(r, 64);
    if (n > FPD_MAX_SEGMENTS && !r->error) r->error = FPD_LIMIT;
    for (uint32_t i = 0; i < n && !r->error && !r->short_of; i++) {
        uint64_t offset = (uint64_t)end + varint(r, size), length = varint(r, size);
        if (offset + length > size) {
            r->error = FPD_MALFORMED;
            return;
        }
        end = (uint32_t)(offset + length);
        out[i].offset = (uint32_t)offset;
        out[i].length = (uint32_t)length;
        out[i].address = varint(r, 0xFFFFFFFFu);
        *count = (int)i + 1;
    }
}

static int check_source(fpd_decoder *d) {
    if (d->old_file == 0) return 0; /* a compressed image, which needs no source */
    if (d->old_file != d->io.old_size) return FPD_WRONG_SOURCE;
    sha_begin(&d->sha);
    for (uint32_t at = 0; at < d->old_file; at += FPD_WINDOW) {
        uint32_t n = d->old_file - at < FPD_WINDOW ? d->old_file - at : FPD_WINDOW;
        if (d->io.read_old(d->io.user, at, d->out, n)) return FPD_IO;
        sha_add(&d->sha, d->out, n);
    }
    return sha_is(&d->sha, d->old_sha) ? 0 : FPD_WRONG_SOURCE;
}

static int read_header(fpd_decoder *d, uint32_t *used) {
    reader r;
    r.p = d->held_back.head;
    r.at = 0;
    r.length = d->head_length;
    r.error = r.short_of = 0;
    static const char MAGIC[4] = {'F', 'P', 'D', '3'};
    for (int i = 0; i < 4; i++)
        if (octet(&r) != (uint8_t)MAGIC[i] && !r.short_of) return FPD_MALFORMED;
    uint32_t flags = octet(&r);
    d->isa = (int)octet(&r);
    if (!r.short_of && ((flags & ~8u) > 5 || d->isa >= ISAS)) return FPD_MALFORMED;
    if (flags & 5) return FPD_LIMIT; /* no device holds Intel HEX text */
    d->uf2 = (flags & 2) != 0;
    d->old_file = varint(&r, 0x7FFFFFF7);
    d->new_file = varint(&r, 0x7FFFFFF7);
    d->copy_count = varint(&r, d->new_file);
    d->body_left = varint(&r, 0x7FFFFFFF);
    for (int i = 0; i < 64; i++) (i < 32 ? d->old_sha : d->new_sha)[i % 32] = (uint8_t)octet(&r);
    if (d->uf2 && (d->old_file % 512 || d->new_file % 512)) r.error = FPD_MALFORMED;
    d->old_size = d->uf2 ? d->old_file / 2 : d->old_file;
    d->new_size = d->uf2 ? d->new_file / 2 : d->new_file;
    if (d->uf2 && !r.short_of) {
        d->uf2_flags = varint(&r, 0xFFFFFFFFu);
        d->uf2_address = varint(&r, 0xFFFFFFFFu);
        d->uf2_family = varint(&r, 0xFFFFFFFFu);
    }
    if ((flags & 8) && !r.short_of) {
        d->tail.kind = octet(&r);
        if (d->tail.kind < TAIL_ESP || d->tail.kind > TAIL_LAST) r.error = FPD_MALFORMED;
        d->tail.start = d->tail.kind == TAIL_ESP ? 4096 * varint(&r, d->new_size / 4096) : 0;
    }
    if (d->isa != PLAIN && !r.short_of) {
        d->mask = varint(&r, 0xFFFFFFFFu);
        read_segments(&r, d->old_size, d->old_segments, &d->old_count);
        if (!r.short_of && !r.error) read_segments(&r, d->new_size, d->new_segments, &d->new_count);
    }
    if (r.short_of) return d->head_length >= sizeof d->held_back.head ? FPD_LIMIT : FPD_MORE;
    if (r.error) return r.error;
    if (d->old_size >> 24 || d->new_size >> 24) return FPD_LIMIT; /* a copy has 24 bits for each offset */
    if (d->new_file > d->io.new_limit || d->copy_count > d->max_copies) return FPD_LIMIT;
    *used = r.at;
    return FPD_DONE;
}

/* Whether a patch is the one that the checkpoint is about, if there is one. */
static int check_patch(fpd_decoder *d, uint32_t header_length) {
    uint8_t any = 0;
    for (int i = 0; i < 32; i++) any |= d->patch_sha[i];
    sha_begin(&d->sha);
    sha_add(&d->sha, d->held_back.head, header_length);
    if (any) return sha_is(&d->sha, d->patch_sha) && d->durable <= d->new_file ? 0 : FPD_MALFORMED;
    sha_end(&d->sha);
    for (uint32_t i = 0; i < 32; i++) d->patch_sha[i] = digest_of(&d->sha)[i];
    return d->durable == 0 ? 0 : FPD_MALFORMED;
}

static int begin_body(fpd_decoder *d, uint32_t header_length) {
    int result = check_patch(d, header_length);
    if (!result) result = check_source(d);
    if (result) return result;
    sha_begin(&d->sha);
    begin_tail(d);
    for (uint32_t i = 0; i < FPD_PAGES; i++) d->held[i] = 0;
    for (uint32_t i = 0; i < FPD_CELLS; i++) d->cells[i] = 1u << 15;
    for (int i = 0; i < W_LITERAL; i++) d->weights[i] = i < W_BYTE && i % 5 == 0 ? 60000 : 18000;
    for (int i = W_LITERAL; i < W_REFERENCE; i++) d->weights[i] = 22000;
    for (uint32_t i = 0; i < 4; i++) d->distances[i] = i + 1;
    d->next_literal = 0xFFFFFFFFu;
    for (int i = W_REFERENCE; i < W_REFERENCE + 24; i++) d->weights[i] = 24000;
    for (int i = 0; i < 256; i++) {
        d->replacement[i] = (uint8_t)i;
        d->learned_old[i] = 0xFFFFFFFFu;
    }
    d->last_hits = 0xFF;
    d->since_miss = 8;
    for (int i = 0; i < FPD_TYPES; i++) d->type_hits[i] = 7;
    for (uint32_t i = 0; i < 104; i++) d->calm_bytes[i] = once_in(4 + (1u << (i < 96 ? i >> 5 : (i >> 2) - 21)), 8);
    for (uint32_t i = 0; i < FPD_RUNS; i++) {
        uint32_t times = (8 + (32u << i / 6)) / (3u << i % 6);
        d->runs[i] = once_in(times < 2 ? 2 : times, 8);
    }
    for (uint32_t i = 0; i < 24; i++) d->runs[FPD_RUNS + i] = once_in(1 + (3u << i / 4) / 4, 8);
    for (uint32_t i = 0; i < 256; i++) d->calm_references[i] = once_in((i & 3) == 3 ? 30 : (i & 3) == 0 ? 2 : 4, 2);
    d->range = 0xFFFFFFFFu;
    d->phase = BODY;
    return 0;
}

void fpd_begin(fpd_decoder *d, const fpd_io *io, fpd_copy *copies, uint32_t max_copies) {
    zero(d, sizeof *d);
    d->io = *io;
    d->copies = copies;
    d->max_copies = max_copies;
}

void fpd_checkpoint(const fpd_decoder *d, uint8_t *out) {
    static const uint8_t MAGIC[4] = {'F', 'P', 'C', '2'};
    uint32_t offset = d->made > d->durable ? d->made : d->durable;
    fpd_sha256 sha;
    for (int i = 0; i < 4; i++) out[i] = MAGIC[i];
    for (int i = 0; i < 8; i++) out[4 + i] = i < 4 ? 0 : (uint8_t)(offset >> (8 * (7 - i)));
    for (int i = 0; i < 32; i++) out[12 + i] = d->patch_sha[i];
    sha_begin(&sha);
    sha_add(&sha, out, 44);
    sha_end(&sha);
    for (uint32_t i = 0; i < 8; i++) out[44 + i] = digest_of(&sha)[i];
}

int fpd_resume(
    fpd_decoder *d, const fpd_io *io, fpd_copy *copies, uint32_t max_copies, const uint8_t *checkpoint) {
    uint8_t again[FPD_CHECKPOINT];
    fpd_begin(d, io, copies, max_copies);
    for (int i = 0; i < 4; i++) d->durable = d->durable << 8 | checkpoint[8 + i];
    for (int i = 0; i < 32; i++) d->patch_sha[i] = checkpoint[12 + i];
    fpd_checkpoint(d, again);
    for (int i = 0; i < FPD_CHECKPOINT; i++)
        if (again[i] != checkpoint[i]) return d->result = FPD_MALFORMED;
    return d->result = FPD_MORE;
}

static int finished(const fpd_decoder *d) { return d->at >= d->new_size && d->copies_read == d->copy_count; }

static int feed_body(fpd_decoder *d, const uint8_t *bytes, size_t length) {
    size_t taken = 0;
    for (;;) {
        while (taken < length && d->body_left > 0 && d->ring_tail - d->ring_head < FPD_RING) {
            d->ring[d->ring_tail++ % FPD_RING] = bytes[taken++];
            d->body_left--;
        }
        while (!finished(d) && (d->body_left == 0 || d->ring_tail - d->ring_head >= LOOKAHEAD)) {
            int result = step(d);
            if (result || d->failed) return result ? result : d->failed;
        }
        if (taken == length || d->body_left == 0) break;
        if (finished(d)) d->ring_head = d->ring_tail; /* the rest of the body is not used */
    }
    if (finished(d) && d->body_left == 0 && d->phase == BODY) {
        flush(d);
        if (d->tail.kind == TAIL_ESP && !d->tail.end) return FPD_MALFORMED;
        if (d->failed) return d->failed;
        if (!sha_is(&d->sha, d->new_sha)) return FPD_MALFORMED;
        d->phase = END;
        d->result = FPD_DONE;
    }
    return taken < length ? FPD_MALFORMED : d->result;
}

int fpd_feed(fpd_decoder *d, const uint8_t *bytes, size_t length) {
    if (d->result < 0) return d->result;
    while (d->phase == HEADER) {
        uint32_t used = 0;
        int result = FPD_MORE;
        if (length > 0) {
            d->held_back.head[d->head_length++] = *bytes++;
            length--;
            result = read_header(d, &used);
        }
        if (result == FPD_MORE && length == 0) return FPD_MORE;
        if (result == FPD_DONE) result = begin_body(d, used);
        if (result < 0) return d->result = result;
    }
    return d->result = feed_body(d, bytes, length);
}
