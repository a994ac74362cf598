import type { SessionView } from './session-view.js';

/**
 * The one weight for all beamlets, in [0, weightCeiling], that gives the target prescribed highest its dose on average;
 * undefined when the client sent no `structure-mean-dose`, or there is no target. Coarse weights are interpolated to fine
 * ones, which keeps a constant, so it serves every level.
 */
export function flatWeight({ plan, geometry }: SessionView): number | undefined {
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
  if (!(doseGyPerWeight > 0)) return undefined;
  return Math.min(highest / doseGyPerWeight, plan.weightCeiling);
}
