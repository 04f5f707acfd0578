package dev.fieldproof.core.health.crash;

import java.util.Optional;

/**
 * Names addresses of a firmware; where the names come from, such as an ELF file by the firmware's digest, is the
 * implementation's matter. Thread-safety is too.
 */
@FunctionalInterface
public interface SymbolLookup {
    /** Knows no names: addresses stay numbers. */
    SymbolLookup NONE = (firmware, address) -> Optional.empty();

    /**
     * The name of the function at an address.
     *
     * @param firmware first hexadecimal digits of the SHA-256 digest of the firmware's ELF file, empty if unknown
     * @param address of an instruction, unsigned
     * @return function, and file and line if known
     */
    Optional<String> name(String firmware, long address);
}
