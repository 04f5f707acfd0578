package dev.fieldproof.benchmarks;

/** The entry of {@code benchmarks.jar} and of {@code exec:java}. */
public final class Main {
    private Main() {}

    /**
     * Runs a command.
     *
     * @param args the command and its arguments
     */
    public static void main(String[] args) {
        System.out.println("fieldproof");
    }
}
