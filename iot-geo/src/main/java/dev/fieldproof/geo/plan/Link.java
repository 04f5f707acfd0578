package dev.fieldproof.geo.plan;

import java.util.List;

/**
 * A planned radio link, from a node towards the gateway.
 *
 * @param from the node's id
 * @param to id of the next node or of the gateway
 * @param hops links to the gateway, this one included
 * @param distanceMetres between the antennas
 * @param marginDb in hand over the receiver's sensitivity
 * @param obstacles ids of what the straight line meets
 */
public record Link(String from, String to, int hops, double distanceMetres, double marginDb, List<String> obstacles) {
    /** Copies the list. */
    public Link {
        obstacles = List.copyOf(obstacles);
    }
}
