/**
 * GeoJSON (RFC 7946): features and geometries as values, a streaming writer that keeps the right-hand rule, and a
 * reader.
 */
package dev.fieldproof.geo.geojson;
