import { definePlugin, z } from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** 0 = the level's lower bound, where dH's own variance ends; 1 = the upper, where it starts. */
  position: z.number().min(0).max(1).default(0),
  /** The same for stages that end a plan; `position` unless told. */
  final_position: z.number().min(0).max(1).optional(),
});

/** Stages that end a plan are at the finest level and no wider than this; dH's own sigma there is 2.5 Gy. */
const FINAL_SIGMA_GY = 3;

export const plugin = definePlugin({
  role: 'adaptive-variance',
  configSchema,
  create: ({ config }) => ({
    openSession: () => ({
      advise: (question) => {
        if (question.kind !== 'level-start') return undefined;
        const { level, histogramSigmaGy, beamletCount, varianceLowerGy2, varianceUpperGy2 } =
          question;
        const isFinal = level === 0 && histogramSigmaGy <= FINAL_SIGMA_GY;
        const { position, final_position: finalPosition = position } = config;
        const place = isFinal ? finalPosition : position;
        const variance = varianceLowerGy2 + place * (varianceUpperGy2 - varianceLowerGy2);
        return { varianceGy2: new Float64Array(beamletCount).fill(variance) };
      },
    }),
  }),
});
