import type { PlanView, StructureGeometry } from '../../plugin-sdk/index.js';
import { HostError } from '../errors/host-error.js';
import type { PlanEvent } from './advisor.js';
import { checkStructureIndex, validateFinish } from './validate-finish.js';
import { validateTensors } from './validate-tensors.js';

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

/**
 * Checks an event against the plan it belongs to, before any plugin sees it: what a client has wrong is the client's fault and no
 * plugin's. @throws HostError
 */
export function validateEvent(event: PlanEvent, plan: PlanView): void {
  if (event.kind === 'geometry') validateStructures(event.structures, plan);
  if (event.kind === 'finish') validateFinish(event, plan);
  validateTensors(event, plan);
}

function validateStructures(structures: readonly StructureGeometry[], plan: PlanView): void {
  const seen = new Set<number>();
  for (const [k, { structure }] of structures.entries()) {
    const field = `geometry.structures[${k}].structure`;
    checkStructureIndex(structure, field, plan);
    if (seen.has(structure)) refuse(field, `is ${structure} a second time`);
    seen.add(structure);
  }
}
