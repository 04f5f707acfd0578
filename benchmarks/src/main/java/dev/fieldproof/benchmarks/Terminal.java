package dev.fieldproof.benchmarks;

import java.io.Console;

/** Whether a person is watching. */
public final class Terminal {
    private Terminal() {}

    /**
     * Whether input and output are a terminal, so that progress is worth printing.
     *
     * @return false when output is piped, also on JDK 22 and newer, where a console exists without a terminal
     */
    @SuppressWarnings("SystemConsoleNull") // the newer JDK's own question is asked right after
    public static boolean isInteractive() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderThan22) {
            return true;
        }
    }
}
