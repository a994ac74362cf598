import type { PlanView, StructureGeometry } from '../../plugin-sdk/index.js';
import { HostError } from '../errors/host-error.js';
import type { DoseMetric, PlanEvent } from './advisor.js';
import { validateTensors } from './validate-tensors.js';

/** Figures of one structure; the host keeps them all. */
const MOST_METRICS_A_STRUCTURE = 64;
const LONGEST_WORD = 64;

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

/**
 * Checks an event against the plan it belongs to, before any plugin sees it: what a client has wrong is the client's fault and no
 * plugin's. @throws HostError
 */
export function validateEvent(event: PlanEvent, plan: PlanView): void {
  if (event.kind === 'geometry') validateStructures(event.geometry.structures, plan);
  if (event.kind === 'finish') validateMetrics(event.finish.metrics, plan);
  validateTensors(event, plan);
}

function validateStructures(structures: readonly StructureGeometry[], plan: PlanView): void {
  const seen = new Set<number>();
  for (const [k, { structure }] of structures.entries()) {
    const field = `geometry.structures[${k}].structure`;
    checkIndex(structure, field, plan);
    if (seen.has(structure)) refuse(field, `is ${structure} a second time`);
    seen.add(structure);
  }
}

function validateMetrics(metrics: readonly DoseMetric[], plan: PlanView): void {
  const most = MOST_METRICS_A_STRUCTURE * Math.max(plan.structures.length, 1);
  if (metrics.length > most) {
    refuse('finish.metrics', `has ${metrics.length} entries, but at most ${most} are taken`);
  }
  for (const [k, { structure, name, unit }] of metrics.entries()) {
    const at = `finish.metrics[${k}]`;
    checkIndex(structure, `${at}.structure`, plan);
    for (const [field, word] of Object.entries({ name, unit })) {
      if (word.length <= LONGEST_WORD) continue;
      refuse(
        `${at}.${field}`,
        `has ${word.length} characters, but at most ${LONGEST_WORD} are kept`,
      );
    }
  }
}

function checkIndex(structure: number, field: string, plan: PlanView): void {
  const count = plan.structures.length;
  if (structure < count) return;
  refuse(field, `is ${structure}, but the plan has ${count} structures, counted from 0`);
}
