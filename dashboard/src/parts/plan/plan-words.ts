import type { PlanSummary } from '../../../../src/http/live/plan-views.js';
import type { PlanStanding } from '../../../../src/http/live/standing.js';
import { about, figure, share, shortId } from '../figures.js';

/** What people know a plan by. */
export function planName({ label, sessionId }: PlanSummary): string {
  return label || shortId(sessionId);
}

/** A spread to the digits that its value is shown with. */
function spread(value: number, width: number): string {
  const decimals = Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(value) || 1)), 0), 12);
  const rounded = Number(width.toFixed(decimals));
  return rounded === 0 && width > 0 ? `< ${figure(10 ** -decimals)}` : figure(rounded);
}

export function predictedEnd({ prediction }: PlanSummary): string {
  if (prediction === null) return '–';
  const { value, deviation } = prediction;
  return deviation === null ? figure(value) : `${figure(value)} ± ${spread(value, 2 * deviation)}`;
}

/** Iterations and time to the predicted end of the running stage. */
export function toGo({ prediction }: PlanSummary): string {
  const toEnd = prediction?.toEnd ?? null;
  if (toEnd === null) return '–';
  return toEnd.iterations === 0 ? 'about 0' : `${toEnd.iterations} it, ${about(toEnd.ms)}`;
}

/** The same where no heading says what it is. */
export function stillToGo(summary: PlanSummary): string {
  const words = toGo(summary);
  return words === 'about 0' ? 'at its predicted end' : `${words} to go`;
}

/** Where a plan is in its pyramid. */
export function stageWords({ level, stage, levels }: PlanSummary): string {
  if (level === null || stage === null) return '–';
  const fineness = level === 0 ? 'finest' : level === levels - 1 ? 'coarsest' : `level ${level}`;
  return `${stage}: ${fineness}`;
}

/** Share of the advice that the optimizer used. */
export function usedShare({ roles }: PlanSummary): string {
  const sum = (what: 'used' | 'notUsed') => roles.reduce((total, role) => total + role[what], 0);
  return share(sum('used'), sum('used') + sum('notUsed'));
}

/** How long a plan has been open, or was. */
export function elapsedMs({ standing, openedAtMs, updatedAtMs }: PlanSummary, hostMs: number) {
  return (standing.kind === 'ended' ? updatedAtMs : Math.max(hostMs, updatedAtMs)) - openedAtMs;
}

/** An optimizer that has said nothing for so long is worth a look: iterations of the largest plans take seconds. */
const SILENT_MS = 60_000;

/** How long an open plan's optimizer has said nothing; 0 while that is not worth a word. */
export function silentMs({ state, updatedAtMs }: PlanSummary, hostMs: number): number {
  const silence = hostMs - updatedAtMs;
  return state === 'open' && silence >= SILENT_MS ? silence : 0;
}

export const KINDS: readonly PlanStanding['kind'][] = [
  'advised',
  'unadvised',
  'shadow',
  'stopped',
  'resuming',
  'ended',
];

/** Every open plan has one that is not `ended`. */
export function countKinds(
  plans: readonly { readonly summary: PlanSummary }[],
): Readonly<Record<PlanStanding['kind'], number>> {
  const counts = { advised: 0, unadvised: 0, shadow: 0, stopped: 0, resuming: 0, ended: 0 };
  for (const { summary } of plans) counts[summary.standing.kind] += 1;
  return counts;
}
