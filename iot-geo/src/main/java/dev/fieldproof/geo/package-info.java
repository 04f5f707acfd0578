/**
 * The site model: a place on the ground as one immutable value, in integer millimetres on a plane of its own, with the
 * projection that carries it from and to longitude and latitude.
 */
package dev.fieldproof.geo;
