package io.spillway.node.lab;

import java.io.IOException;
import java.util.List;

/** Ways in which a site loses one of its WANs, and gets it back. */
enum LinkCut {
    /** Nothing passes any more, and nobody says so. */
    SILENT {
        @Override
        void cut(Stage stage, LabSite site, LabUplink uplink) throws IOException {
            stage.cutter().cut(List.of(site), uplink);
        }

        @Override
        void heal(Stage stage, LabSite site, LabUplink uplink) throws IOException {
            stage.cutter().heal();
        }
    },

    /** Its device goes down: the cable is pulled. */
    DOWN {
        @Override
        void cut(Stage stage, LabSite site, LabUplink uplink) throws IOException {
            stage.network().in(site.name(), "ip link set " + uplink.device() + " down");
        }

        /** The kernel has forgotten its routes with it. */
        @Override
        void heal(Stage stage, LabSite site, LabUplink uplink) throws IOException {
            stage.network().in(site.name(), "ip link set " + uplink.device() + " up");
            stage.network().in(site.name(), uplink.route(stage.network().gateway(site, uplink)));
        }
    },

    /** Its device is taken out of the machine, and another one put in. */
    REMOVED {
        @Override
        void cut(Stage stage, LabSite site, LabUplink uplink) throws IOException {
            stage.network().in(site.name(), "ip link del " + uplink.device());
        }

        @Override
        void heal(Stage stage, LabSite site, LabUplink uplink) throws IOException {
            stage.network().plugIn(site, uplink);
        }
    };

    abstract void cut(Stage stage, LabSite site, LabUplink uplink) throws IOException;

    abstract void heal(Stage stage, LabSite site, LabUplink uplink) throws IOException;
}
