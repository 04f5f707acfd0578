package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.Sensor;

/**
 * A node to build.
 *
 * @param id short name on the map and in every table, such as N1
 * @param mount where it is fixed
 * @param sensor what it sees with; its identifier is the node's
 */
public record Node(String id, Mount mount, Sensor sensor) {}
