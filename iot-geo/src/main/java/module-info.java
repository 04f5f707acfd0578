/** From a survey file to zone grid, coverage, node plan, bill of materials and power budget. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // JTS has an automatic name
module dev.fieldproof.geo {
    requires static info.picocli;
    requires static transitive org.jspecify;
    requires org.locationtech.jts;

    exports dev.fieldproof.geo;
    exports dev.fieldproof.geo.coverage;
    exports dev.fieldproof.geo.diagram;
    exports dev.fieldproof.geo.geojson;
    exports dev.fieldproof.geo.grid;
    exports dev.fieldproof.geo.kml;
    exports dev.fieldproof.geo.placement;
    exports dev.fieldproof.geo.plan;
    exports dev.fieldproof.geo.report;

    opens dev.fieldproof.geo.cli to
            info.picocli;

    provides java.util.spi.ToolProvider with
            dev.fieldproof.geo.cli.GeoTool;
}
