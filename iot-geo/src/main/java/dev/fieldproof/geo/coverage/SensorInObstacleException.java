package dev.fieldproof.geo.coverage;

/** A sensor whose eye is in, on or touching an obstacle at least as high as the eye: it would see nothing. */
public final class SensorInObstacleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String sensorId;
    private final String obstacleId;

    /**
     * Makes the exception.
     *
     * @param sensorId which sensor
     * @param obstacleId which obstacle
     */
    public SensorInObstacleException(String sensorId, String obstacleId) {
        super("sensor '" + sensorId + "' stands in or touches obstacle '" + obstacleId
                + "'; move it at least 1 mm off the wall, or above the roof");
        this.sensorId = sensorId;
        this.obstacleId = obstacleId;
    }

    /**
     * Which sensor.
     *
     * @return its identifier
     */
    public String sensorId() {
        return sensorId;
    }

    /**
     * Which obstacle.
     *
     * @return its identifier
     */
    public String obstacleId() {
        return obstacleId;
    }
}
