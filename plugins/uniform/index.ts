import { definePlugin, type SessionView, z } from 'dh-advisor/plugin-sdk';

const configSchema = z.strictObject({
  /** Later stages start from the weights of the stage before, which a flat start would only undo. */
  first_stage_only: z.boolean().default(true),
});

/**
 * The common weight that gives the target prescribed highest its dose on average; undefined when the client sent no dose
 * per beamlet, or there is no target.
 */
function commonWeight({ plan, geometry }: SessionView): number | undefined {
  const meanDose = geometry?.tensors['structure-mean-dose'];
  if (meanDose === undefined) return undefined;
  const [beamlets = 0, structures = 0] = meanDose.shape;
  let highest = 0;
  let column = -1;
  plan.structures.forEach(({ prescribedDoseGy = 0 }, index) => {
    if (prescribedDoseGy <= highest) return;
    highest = prescribedDoseGy;
    column = index;
  });
  if (column < 0 || column >= structures) return undefined;
  let doseGyPerWeight = 0;
  for (let beamlet = 0; beamlet < beamlets; beamlet += 1) {
    doseGyPerWeight += meanDose.data[beamlet * structures + column] ?? 0;
  }
  return doseGyPerWeight > 0 ? highest / doseGyPerWeight : undefined;
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
