import type { PlanView, TensorKind, Tensors } from '../../plugin-sdk/index.js';
import { hasTensors, levelOf } from '../../plugin-sdk/internal/event-tensors.js';
import { HostError } from '../errors/host-error.js';
import type { PlanEvent } from './advisor.js';
import { EVENT_NAMES } from './event-names.js';

const perStructure: readonly TensorKind[] = ['structure-mean-dose', 'structure-max-dose'];

/** Every per-beamlet tensor has one row a beamlet of its level, and one column a structure where it says so. */
export function validateTensors(event: PlanEvent, plan: PlanView): void {
  if (hasTensors(event)) validateShapes(event, event.tensors, levelOf(event), plan);
  if (event.kind !== 'finish' || event.finalWeights === undefined) return;
  validateShapes(event, { weights: event.finalWeights }, 0, plan);
}

function validateShapes(event: PlanEvent, tensors: Tensors, level: number, plan: PlanView): void {
  for (const key in tensors) {
    const kind = key as TensorKind;
    const shape = tensors[kind]?.shape ?? [];
    const n = plan.levels[level]?.beamletCount ?? 0;
    const isPerStructure = perStructure.includes(kind);
    const isRight = isPerStructure
      ? shape.length === 2 && shape[0] === n && shape[1] === plan.structures.length
      : shape[0] === n;
    if (isRight) continue;
    const expected = isPerStructure ? `(${n}, ${plan.structures.length})` : `${n} beamlets`;
    throw new HostError('invalid-field', {
      field:
        event.kind === 'finish'
          ? 'finish.final_weights.shape'
          : `${EVENT_NAMES[event.kind]}.tensors[${kind}].shape`,
      problem: `is (${shape.join(', ')}), but level ${level} has ${expected}`,
    });
  }
}
