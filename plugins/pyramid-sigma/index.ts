import {
  definePlugin,
  NotApplicable,
  oodScore,
  openModel,
  outputOf,
  packModelInputs,
  type Stage,
  services,
  z,
} from '@dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Name, `name@label` or `name@version`. */
  model: z.string().min(1).default('pyramid-sigma'),
  /** Whether the plan starts from learned weights, which need less annealing. */
  with_warm_start: z.boolean().default(false),
});

const PLAN_INPUTS = ['structures', 'beams'] as const;

/**
 * The stages before the last, all at the finest level. A sigma above the one before it, or below the finest level's
 * own, is brought to that; a stage of less than one iteration is left out.
 */
function annealing(
  sigmasGy: ArrayLike<number>,
  iterations: ArrayLike<number>,
  finestGy: number,
): readonly Stage[] {
  const stages: Stage[] = [];
  let highestGy = Number.POSITIVE_INFINITY;
  for (let k = 0; k < sigmasGy.length; k += 1) {
    const iterationLimit = Math.round(iterations[k] ?? 0);
    if (iterationLimit < 1) continue;
    highestGy = Math.max(Math.min(sigmasGy[k] ?? finestGy, highestGy), finestGy);
    stages.push({ level: 0, histogramSigmaGy: highestGy, iterationLimit });
  }
  return stages;
}

export const plugin = definePlugin({
  role: 'pyramid-sigma',
  configSchema,
  requires: { inference: services.inference },
  create: async ({ config, services: { inference } }) => {
    const model = await openModel(inference, config.model, {
      role: 'pyramid-sigma',
      inputs: [...PLAN_INPUTS, 'context'],
      outputs: ['sigmas_gy', 'iterations'],
    });
    return {
      openSession: ({ plan }) => {
        if (plan.solver === 'other') throw new NotApplicable('its model knows dH and L-BFGS only');
        return {
          advise: async (geometry, signal) => {
            const finestGy = plan.levels[0]?.histogramSigmaGy;
            if (finestGy === undefined) return undefined;
            const context = Float32Array.of(
              Number(plan.solver === 'lbfgs'),
              Number(config.with_warm_start),
            );
            const inputs = {
              ...packModelInputs(plan, geometry, PLAN_INPUTS),
              context: { shape: [context.length], data: context },
            };
            const outputs = await model.run(inputs, signal);
            const sigmasGy = outputOf(outputs, 'sigmas_gy');
            return {
              stages: [
                ...annealing(sigmasGy, outputOf(outputs, 'iterations'), finestGy),
                { level: 0, histogramSigmaGy: finestGy, iterationLimit: 0 },
              ],
              outOfDistributionScore: oodScore(outputs),
            };
          },
        };
      },
    };
  },
});
