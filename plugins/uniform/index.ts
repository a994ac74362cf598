import { definePlugin, type SessionView, z } from 'dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Later stages start from the weights of the stage before, which a flat start would only undo. */
  first_stage_only: z.boolean().default(true),
});

/**
 * The common weight that brings the targets nearest to their prescriptions: least squares over targets, each counted
 * with its weight in the objective. Undefined when the client sent no dose per beamlet.
 */
function commonWeight({ plan, geometry }: SessionView): number | undefined {
  const meanDose = geometry?.tensors['structure-mean-dose'];
  if (meanDose === undefined) return undefined;
  const [beamlets = 0, structures = 0] = meanDose.shape;
  let product = 0;
  let square = 0;
  plan.structures.forEach(({ prescribedDoseGy, objectiveWeight }, column) => {
    if (prescribedDoseGy === undefined || column >= structures) return;
    let doseGyPerWeight = 0;
    for (let beamlet = 0; beamlet < beamlets; beamlet += 1) {
      doseGyPerWeight += meanDose.data[beamlet * structures + column] ?? 0;
    }
    product += objectiveWeight * doseGyPerWeight * prescribedDoseGy;
    square += objectiveWeight * doseGyPerWeight * doseGyPerWeight;
  });
  return square > 0 ? product / square : undefined;
}

export const plugin = definePlugin({
  role: 'initialization',
  configSchema,
  wants: () => [{ kind: 'structure-mean-dose', everyN: 0 }],
  create: ({ config }) => ({
    openSession: (view) => ({
      advise: ({ stage, beamletCount }) => {
        if (config.first_stage_only && stage > 0) return undefined;
        const weight = commonWeight(view);
        if (weight === undefined) return undefined;
        // Coarse weights are interpolated to fine ones, which keeps a constant, so one value serves every level.
        const bounded = Math.min(Math.max(weight, 0), view.plan.weightCeiling);
        return { weights: new Float64Array(beamletCount).fill(bounded) };
      },
    }),
  }),
});
