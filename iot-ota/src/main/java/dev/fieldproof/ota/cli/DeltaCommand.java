package dev.fieldproof.ota.cli;

import picocli.CommandLine.Command;

/** Groups the delta commands. */
@Command(
        name = "delta",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes, applies and explains delta patches.")
final class DeltaCommand {}
