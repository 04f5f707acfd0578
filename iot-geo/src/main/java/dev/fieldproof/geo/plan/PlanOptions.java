package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.SensorModel;
import java.util.List;

/**
 * How to plan.
 *
 * @param cellMillimetres size of the zone grid's squares, even
 * @param targetMillimetres height above ground of what is to be seen
 * @param models what may be mounted
 * @param directions how many azimuths to try on each mount
 * @param enoughShare when to stop adding nodes: the share of what all candidates together could see, above 0 to 1
 * @param radio path loss and required margin
 * @param catalogue parts and prices
 * @param power what feeds nodes away from the mains and what they draw
 * @param mostChildren how many nodes a gateway or relay serves directly, 1 or more
 */
public record PlanOptions(
        int cellMillimetres,
        int targetMillimetres,
        List<SensorModel> models,
        int directions,
        double enoughShare,
        RadioModel radio,
        PartCatalogue catalogue,
        NodePower power,
        int mostChildren) {
    /** Squares of 2 m, people of 1.2 m, 5 MP cameras of 110 degrees as far as 12.5 pixels a metre, 97 %. */
    public static final PlanOptions DEFAULT = new PlanOptions(
            2_000,
            1_200,
            List.of(new SensorModel("5 MP camera 110°", 110, 70, 0, 72_000, 2_592)),
            16,
            0.97,
            RadioModel.WIFI_2400,
            PartCatalogue.planningPrices(),
            NodePower.CAMERA,
            Topology.DEFAULT_MOST_CHILDREN);

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if stations may serve nobody
     */
    public PlanOptions {
        models = List.copyOf(models);
        if (mostChildren < 1) {
            throw new IllegalArgumentException("a station serves " + mostChildren + " nodes");
        }
    }

    /**
     * Stations serve {@link Topology#DEFAULT_MOST_CHILDREN} nodes.
     *
     * @param cellMillimetres size of the zone grid's squares, even
     * @param targetMillimetres height above ground of what is to be seen
     * @param models what may be mounted
     * @param directions how many azimuths to try on each mount
     * @param enoughShare when to stop adding nodes
     * @param radio path loss and required margin
     * @param catalogue parts and prices
     * @param power what feeds nodes away from the mains and what they draw
     */
    public PlanOptions(
            int cellMillimetres,
            int targetMillimetres,
            List<SensorModel> models,
            int directions,
            double enoughShare,
            RadioModel radio,
            PartCatalogue catalogue,
            NodePower power) {
        this(
                cellMillimetres,
                targetMillimetres,
                models,
                directions,
                enoughShare,
                radio,
                catalogue,
                power,
                Topology.DEFAULT_MOST_CHILDREN);
    }

    /**
     * The same with other prices.
     *
     * @param prices parts and prices
     * @return new options
     */
    public PlanOptions with(PartCatalogue prices) {
        return new PlanOptions(
                cellMillimetres,
                targetMillimetres,
                models,
                directions,
                enoughShare,
                radio,
                prices,
                power,
                mostChildren);
    }

    /**
     * The same with another power supply.
     *
     * @param supply what feeds nodes and what they draw
     * @return new options
     */
    public PlanOptions with(NodePower supply) {
        return new PlanOptions(
                cellMillimetres,
                targetMillimetres,
                models,
                directions,
                enoughShare,
                radio,
                catalogue,
                supply,
                mostChildren);
    }
}
