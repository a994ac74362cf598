import type { PlanView, TensorKind, Tensors } from '../../plugin-sdk/index.js';
import { HostError } from '../errors/host-error.js';
import type { PlanEvent } from './advisor.js';

const perStructure: readonly TensorKind[] = ['structure-mean-dose', 'structure-max-dose'];

function tensorsOf(
  event: PlanEvent,
): { tensors: Tensors; level: number; name: string } | undefined {
  switch (event.kind) {
    case 'iteration':
      return { tensors: event.iteration.tensors, level: event.iteration.level, name: 'iteration' };
    case 'level-start':
      return {
        tensors: event.levelStart.tensors,
        level: event.levelStart.level,
        name: 'level_start',
      };
    case 'geometry':
      return { tensors: event.geometry.tensors, level: 0, name: 'geometry' };
    case 'finish':
      return event.finish.finalWeights === undefined
        ? undefined
        : { tensors: { weights: event.finish.finalWeights }, level: 0, name: 'finish' };
    default:
      return undefined;
  }
}

/** Every per-beamlet tensor has one row a beamlet of its level, and one column a structure where it says so. */
export function validateTensors(event: PlanEvent, plan: PlanView): void {
  const found = tensorsOf(event);
  if (found === undefined) return;
  for (const key in found.tensors) {
    const kind = key as TensorKind;
    const shape = found.tensors[kind]?.shape ?? [];
    const n = plan.levels[found.level]?.beamletCount ?? 0;
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
          : `${found.name}.tensors[${kind}].shape`,
      problem: `is (${shape.join(', ')}), but level ${found.level} has ${expected}`,
    });
  }
}
