import {
  definePlugin,
  oodScore,
  openModel,
  outputOf,
  packModelInputs,
  services,
  z,
} from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('histogram-sigma'),
});

const INPUTS = ['structures', 'beams'] as const;

export const plugin = definePlugin({
  role: 'histogram-sigma',
  configSchema,
  requires: { inference: services.inference },
  create: async ({ config, services: { inference } }) => {
    const model = await openModel(inference, config.model, {
      role: 'histogram-sigma',
      inputs: INPUTS,
      outputs: ['sigma_factor'],
    });
    return {
      openSession: ({ plan }) => ({
        advise: async (geometry, signal) => {
          const defaultGy = plan.levels[0]?.histogramSigmaGy;
          if (defaultGy === undefined) return undefined;
          const outputs = await model.run(packModelInputs(plan, geometry, INPUTS), signal);
          const structures = Array.from(outputOf(outputs, 'sigma_factor'), (factor, structure) => ({
            structure,
            histogramSigmaGy: factor * defaultGy,
          }));
          return { structures, outOfDistributionScore: oodScore(outputs) };
        },
      }),
    };
  },
});
