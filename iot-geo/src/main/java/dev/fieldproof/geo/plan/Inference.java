package dev.fieldproof.geo.plan;

/**
 * What one inference on the node costs, and what it is worth if it spares radio messages. Immutable and thread-safe.
 *
 * @param name of model and chip
 * @param millijoules for each inference, above 0
 * @param perSecond how many the chip makes when it does nothing else, above 0
 * @param source where the figures are from
 */
public record Inference(String name, double millijoules, double perSecond, String source) {
    /** Keyword spotting on a Cortex-M4 (STM32L4R5). */
    public static final Inference KEYWORD_SPOTTING_M4 = new Inference(
            "keyword spotting, Cortex-M4", 2.83, 15.9, "MLPerf Tiny 1.1, closed, STMicroelectronics NUCLEO_L4R5ZI");

    /** Person in the picture or not, on a Cortex-M33 (STM32U575). */
    public static final Inference VISUAL_WAKE_WORDS_M33 = new Inference(
            "visual wake words, Cortex-M33", 1.92, 14.1, "MLPerf Tiny 1.1, closed, STMicroelectronics NUCLEO_U575ZI_Q");

    /** Image classification on a Cortex-M33 (STM32U575). */
    public static final Inference IMAGE_CLASSIFICATION_M33 = new Inference(
            "image classification, Cortex-M33",
            3.38,
            7.9,
            "MLPerf Tiny 1.1, closed, STMicroelectronics NUCLEO_U575ZI_Q");

    /** Anomaly in the sound of a machine, on a Cortex-M7 (STM32H7A3). */
    public static final Inference ANOMALY_DETECTION_M7 = new Inference(
            "anomaly detection, Cortex-M7", 0.221, 551, "MLPerf Tiny 1.1, closed, STMicroelectronics NUCLEO_H7A3ZI_Q");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a figure is not positive
     */
    public Inference {
        if (!(millijoules > 0) || !(perSecond > 0)) {
            throw new IllegalArgumentException(
                    "inference '" + name + "': " + millijoules + " mJ, " + perSecond + " a second");
        }
    }

    /**
     * The line of a power budget for so many inferences.
     *
     * @param perDay how many, 0 or more
     * @return the line
     * @throws IllegalArgumentException if a day is too short for so many
     */
    public PowerBudget.Line line(double perDay) {
        return new PowerBudget.Line("inference: " + name, millijoules * perSecond, perDay / perSecond);
    }

    /**
     * How many inferences cost as much as one radio message.
     *
     * @param joulesPerMessage to connect and send, 0 or more
     * @return inferences
     */
    public double perMessage(double joulesPerMessage) {
        return joulesPerMessage * 1000 / millijoules;
    }

    /**
     * What deciding on the node saves over sending everything.
     *
     * @param perDay inferences
     * @param messagesSparedPerDay messages that need not be sent for it
     * @param joulesPerMessage to connect and send
     * @return watt-hours a day; negative if it costs more than it spares
     */
    public double savedWattHoursPerDay(double perDay, double messagesSparedPerDay, double joulesPerMessage) {
        return (messagesSparedPerDay * joulesPerMessage - perDay * millijoules / 1000) / 3600;
    }
}
