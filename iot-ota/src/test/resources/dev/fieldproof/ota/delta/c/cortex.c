/* Test harness for a bare Cortex-M3 (mps2-an385): applies the linked-in patch, compares, and tells the deepest stack. */
#include "fieldproof_delta.h"

extern const uint8_t old_image[], old_end[], patch_image[], patch_end[], new_image[], new_end[];
extern uint32_t stack_bottom[], stack_top[];

#define PAINT 0xA5A5A5A5u

static fpd_decoder decoder;
static fpd_copy copies[64];
static uint32_t written;
static int differs;

__asm__(".section .rodata\n"
        ".balign 4\n.global old_image\nold_image: .incbin \"old\"\n.global old_end\nold_end:\n"
        ".balign 4\n.global patch_image\npatch_image: .incbin \"patch\"\n.global patch_end\npatch_end:\n"
        ".balign 4\n.global new_image\nnew_image: .incbin \"expected\"\n.global new_end\nnew_end:\n"
        ".text\n");

static uint32_t semihost(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void say(const char *name, uint32_t value) {
    char text[12], *at = text + 11;
    *at = 0;
    do *--at = (char)('0' + value % 10);
    while (value /= 10);
    semihost(4, name);
    semihost(4, at);
    semihost(4, "\n");
}

static int read_old(void *user, uint32_t offset, uint8_t *to, uint32_t length) {
    (void)user;
    for (uint32_t i = 0; i < length; i++) to[i] = old_image[offset + i];
    return 0;
}

static int write_new(void *user, const uint8_t *bytes, uint32_t length) {
    (void)user;
    for (uint32_t i = 0; i < length; i++) differs |= bytes[i] != new_image[written++];
    return 0;
}

void start(void) {
    uint32_t here;
    __asm__("mov %0, sp" : "=r"(here));
    for (uint32_t *p = stack_bottom; (uint32_t)p + 64 < here; p++) *p = PAINT;
    fpd_io io = {0, (uint32_t)(old_end - old_image), 1u << 20, read_old, write_new};
    fpd_begin(&decoder, &io, copies, 64);
    int result = FPD_MORE;
    for (const uint8_t *p = patch_image; p < patch_end && result == FPD_MORE; p++) result = fpd_feed(&decoder, p, 1);
    uint32_t *deepest = stack_bottom;
    while (*deepest == PAINT) deepest++;
    say("done ", result == FPD_DONE && !differs && written == (uint32_t)(new_end - new_image));
    say("state ", sizeof decoder);
    say("stack ", (uint32_t)(stack_top - deepest) * 4);
    semihost(0x18, (const void *)0x20026);
    for (;;) continue;
}

__attribute__((section(".vectors"), used)) static const void *const vectors[2] = {stack_top, (const void *)start};
