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
 * @param network what nodes and gateways must keep to
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
        NetworkRules network) {
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
            NetworkRules.DEFAULT);

    /** Copies the list. */
    public PlanOptions {
        models = List.copyOf(models);
    }

    /**
     * With {@link NetworkRules#DEFAULT}.
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
                NetworkRules.DEFAULT);
    }

    /**
     * The same with other prices.
     *
     * @param prices parts and prices
     * @return new options
     */
    public PlanOptions with(PartCatalogue prices) {
        return new PlanOptions(
                cellMillimetres, targetMillimetres, models, directions, enoughShare, radio, prices, power, network);
    }

    /**
     * The same with another power supply.
     *
     * @param supply what feeds nodes and what they draw
     * @return new options
     */
    public PlanOptions with(NodePower supply) {
        return new PlanOptions(
                cellMillimetres, targetMillimetres, models, directions, enoughShare, radio, catalogue, supply, network);
    }

    /**
     * The same with other rules for the network.
     *
     * @param rules what nodes and gateways must keep to
     * @return new options
     */
    public PlanOptions with(NetworkRules rules) {
        return new PlanOptions(
                cellMillimetres, targetMillimetres, models, directions, enoughShare, radio, catalogue, power, rules);
    }
}
