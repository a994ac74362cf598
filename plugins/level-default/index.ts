import { definePlugin, z } from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** 0 = the level's lower bound, where dH's own variance ends; 1 = the upper, where it starts. */
  position: z.number().min(0).max(1).default(0),
});

export const plugin = definePlugin({
  role: 'adaptive-variance',
  configSchema,
  create: ({ config }) => ({
    openSession: () => ({
      advise: (question) => {
        if (question.moment !== 'level-start') return undefined;
        const { beamletCount, varianceLowerGy2, varianceUpperGy2 } = question.levelStart;
        const variance = varianceLowerGy2 + config.position * (varianceUpperGy2 - varianceLowerGy2);
        return { varianceGy2: new Float64Array(beamletCount).fill(variance) };
      },
    }),
  }),
});
