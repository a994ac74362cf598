import { definePlugin, flatWeight, z } from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Later stages start from the weights of the stage before, which a flat start would only undo. */
  first_stage_only: z.boolean().default(true),
});

export const plugin = definePlugin({
  role: 'initialization',
  configSchema,
  wants: () => [{ kind: 'structure-mean-dose', everyN: 0 }],
  create: ({ config }) => ({
    openSession: (view) => ({
      advise: ({ stage, beamletCount }) => {
        if (config.first_stage_only && stage > 0) return undefined;
        const weight = flatWeight(view);
        if (weight === undefined) return undefined;
        return { weights: new Float64Array(beamletCount).fill(weight) };
      },
    }),
  }),
});
