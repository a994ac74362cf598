import { HostError } from '../../domain/errors/host-error.js';
import type { Enrolment } from '../../domain/experiments/plan-experiments.js';
import type { Acceptance, PlanWant, Provenance } from '../../domain/session/advisor.js';
import type { EarlierSession, PinnedBinding } from '../../domain/session/decision-journal.js';
import { mergeWanted } from '../../domain/session/merge-wanted.js';
import type { PlanOpening } from '../../domain/session/plan-opening.js';
import { recordingWants } from '../../domain/session/recording.js';
import { qualityOf, type WantedTensor } from '../../plugin-sdk/index.js';
import type { ActiveSet } from '../plugins/active-set.js';
import { armLabel } from '../plugins/experiment-arms.js';
import type { PlanSession } from './plan-session.js';
import { rolesSha256, shapeOf } from './resume-token.js';

/** The host's answer to an opening. */
export function acceptanceOf(session: PlanSession): Acceptance {
  const { set, sessionId, enrolment, resumedAfter } = session.options;
  const declined = session.declined();
  return {
    sessionId,
    resumeToken: session.resumeToken,
    generation: set.generation,
    arm: armOf(enrolment),
    bindings: set.roles.map(({ role, binding, declined: already }) => ({
      ...binding,
      declined: already ?? declined.get(role) ?? '',
    })),
    wanted: wantedOf(session),
    isRecording: session.observation.isRecording,
    resumeTtlMs: set.config.server.resumeTtlMs,
    isTakenOver: resumedAfter !== undefined,
  };
}

/** What a plan's client may keep of where its advice came from. */
export function provenanceOf(
  session: PlanSession,
  counts: Pick<Provenance, 'answers' | 'resumptions'>,
): Provenance {
  const { sessionId, generation, arm, bindings } = acceptanceOf(session);
  const { host, opening } = session.options;
  return {
    host,
    sessionId,
    generation,
    arm,
    bindings,
    quality: qualityOf(opening.plan),
    ...counts,
    journalSha256: session.observation.journal?.head() ?? '',
  };
}

/** What the optimizer is asked for. A tensor that only roles want names them, so that it need not be sent once they are done. */
function wantedOf(session: PlanSession): readonly PlanWant[] {
  const { opening, set } = session.options;
  const { isRecording, shadowWants } = session.observation;
  const byRole = session.wantsByRole();
  const others = [...(isRecording ? recordingWants(set.config.recording) : []), ...shadowWants];
  const all = [...byRole.flatMap(({ wants }) => wants), ...others];
  return mergeWanted(all, opening.plan.offers).map((want) => {
    const isOfKind = ({ kind }: WantedTensor) => kind === want.kind;
    const roles = byRole.filter(({ wants }) => wants.some(isOfKind)).map(({ role }) => role);
    return { ...want, roles: others.some(isOfKind) ? [] : roles };
  });
}

/** All arms of a plan, in one word; empty for a plan in none. */
export function armOf(enrolment: Enrolment | undefined): string {
  return [...(enrolment?.arms ?? [])].map(([id, arm]) => armLabel(id, arm)).join(',');
}

/** @throws HostError `experiment-arm-unknown` */
export function checkForced(
  { experiments }: ActiveSet,
  forced: Readonly<Record<string, string>>,
): void {
  const known = experiments.flatMap(({ experiment, arms }) =>
    [...arms.keys()].map((arm) => `${experiment.id}=${arm}`),
  );
  const unknown = Object.entries(forced)
    .map(([experiment, arm]) => `${experiment}=${arm}`)
    .find((wanted) => !known.includes(wanted));
  if (unknown === undefined) return;
  const params = { wanted: unknown, known: known.join(', ') || 'none' };
  throw new HostError('experiment-arm-unknown', params);
}

/** Whether a resume is of the plan that was open. @throws HostError `resume-differs` */
export function checkSamePlan(before: PlanOpening, after: PlanOpening): void {
  if (before.planKey !== after.planKey) throw new HostError('resume-differs', { what: 'key' });
  if (shapeOf(before) !== shapeOf(after)) {
    throw new HostError('resume-differs', { what: 'number of structures or beamlets' });
  }
}

const PINNED = ['plugin', 'pluginVersion', 'model', 'modelSha256', 'arm'] as const;

/** Whether this host would go on as the one before, with all that was pinned. @throws HostError `resume-versions` */
export function checkSameVersions(earlier: EarlierSession, set: ActiveSet): void {
  const refuse = (what: string): never => {
    throw new HostError('resume-versions', { what });
  };
  const words = (binding: PinnedBinding) =>
    binding.plugin === ''
      ? 'off'
      : [binding.plugin, binding.pluginVersion, binding.model, binding.arm]
          .filter(Boolean)
          .join(' ');
  for (const { role, binding } of set.roles) {
    const before = earlier.bindings.find((other) => other.role === role);
    if (before === undefined) refuse(`nothing of role ${role}`);
    else if (PINNED.some((key) => before[key] !== binding[key])) {
      refuse(`${words(before)} in role ${role}, which is ${words(binding)} here`);
    }
  }
  if (earlier.rolesSha256 !== rolesSha256(set)) refuse('other settings of its roles');
}
