package io.spillway.node.sim;

/** The ways to take a PoP away from all sites, and to bring it back. */
enum PopCut {
    KILLED {
        @Override
        void cut(SimWorld world) {
            world.killPop();
        }

        @Override
        void heal(SimWorld world) {
            world.startPop();
        }
    },
    FROZEN {
        @Override
        void cut(SimWorld world) {
            world.pop().freeze();
        }

        @Override
        void heal(SimWorld world) {
            world.pop().unfreeze();
        }
    },
    CUT_BOTH_WAYS {
        @Override
        void cut(SimWorld world) {
            all(world, true, true, true);
        }

        @Override
        void heal(SimWorld world) {
            all(world, false, false, false);
        }
    },
    CUT_TOWARDS_POP {
        @Override
        void cut(SimWorld world) {
            all(world, true, false, true);
        }

        @Override
        void heal(SimWorld world) {
            all(world, false, false, false);
        }
    },
    CUT_FROM_POP {
        @Override
        void cut(SimWorld world) {
            all(world, false, true, true);
        }

        @Override
        void heal(SimWorld world) {
            all(world, false, false, false);
        }
    },
    /** The channel lives on. */
    DATA_ONLY {
        @Override
        void cut(SimWorld world) {
            all(world, true, true, false);
        }

        @Override
        void heal(SimWorld world) {
            all(world, false, false, false);
        }
    };

    abstract void cut(SimWorld world);

    abstract void heal(SimWorld world);

    private static void all(SimWorld world, boolean up, boolean down, boolean channel) {
        for (SimSite site : world.sites()) {
            world.cutPop(site.number(), up, down);
            site.channel().cut(channel);
        }
    }
}
