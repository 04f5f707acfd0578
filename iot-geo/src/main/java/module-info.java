/** From a survey file to zone grid, coverage, node plan, bill of materials and power budget. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // JTS has an automatic name
module dev.fieldproof.geo {
    requires static org.jspecify;
    requires org.locationtech.jts;
}
