package dev.fieldproof.ota.cli;

import picocli.CommandLine.Command;

/** Groups the delta commands. */
@Command(
        name = "delta",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes, applies and explains delta patches.",
        subcommands = {DeltaCreate.class, DeltaApply.class, DeltaInfo.class})
final class DeltaCommand {}
