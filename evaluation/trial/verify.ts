// What must hold whatever was killed: counted from results, the database and the hosts' logs, which know nothing of one another.
import type { Assignment, OutcomeRecord } from '../../src/domain/experiments/experiments.js';
import type { TrialPlan } from './phantoms.js';
import type { Attempt } from './run-attempt.js';
import type { LoggedSession } from './trial-host.js';

export interface Evidence {
  readonly experiment: string;
  readonly plans: readonly TrialPlan[];
  readonly attempts: readonly Attempt[];
  readonly assignments: readonly Assignment[];
  readonly outcomes: readonly OutcomeRecord[];
  readonly logged: readonly LoggedSession[];
  readonly unitOf: (key: string) => string;
}

export interface Check {
  readonly name: string;
  /** Empty when it holds. */
  readonly broken: readonly string[];
}

/** Arm of an experiment among EXPERIMENT/ARM labels. */
export function armIn(experiment: string, labels: readonly string[]): string | undefined {
  const prefix = `${experiment}/`;
  return labels.find((label) => label.startsWith(prefix))?.slice(prefix.length);
}

function everyPlanFinished({ plans, attempts }: Evidence): readonly string[] {
  const failed = attempts.flatMap(({ key, failure }) => (failure ? [`${key}: ${failure}`] : []));
  const done = new Set(attempts.filter(({ said }) => said !== undefined).map(({ key }) => key));
  const missing = plans.filter(({ key }) => !done.has(key)).map(({ key }) => `${key}: no plan`);
  return [...failed, ...missing];
}

/** Who reached a host was given an arm by it: an experiment that takes nobody would pass all other checks. */
function everyPlanTookPart({ experiment, attempts, outcomes }: Evidence): readonly string[] {
  const left = attempts.flatMap(({ key, said }) => {
    const isIn = said === undefined || said.session === '' || armIn(experiment, said.arms);
    return isIn ? [] : [`${key} was served without an arm`];
  });
  return outcomes.length === 0 ? ['no session has an outcome', ...left] : left;
}

/** By the rows of its sessions, and by what the host told the optimizer. */
function everyUnitKeptItsArm(of: Evidence): readonly string[] {
  const armOf = new Map(of.assignments.map(({ unit, arm }) => [unit, arm]));
  const rows = of.outcomes
    .filter(({ unit, arm }) => armOf.get(unit) !== arm)
    .map(({ session, arm }) => `session ${session} is in ${arm}, its unit is not`);
  const told = of.attempts.flatMap(({ key, said }) => {
    const arm = said && armIn(of.experiment, said.arms);
    const own = armOf.get(of.unitOf(key));
    return arm === undefined || arm === own ? [] : [`${key} was served ${arm}, its arm is ${own}`];
  });
  const twice = of.assignments.length - armOf.size;
  return [...rows, ...told, ...(twice > 0 ? [`${twice} units are assigned twice`] : [])];
}

function oneOutcomeASession({ experiment, attempts, outcomes, logged }: Evidence) {
  const rows = new Map<string, OutcomeRecord>();
  const broken: string[] = [];
  for (const row of outcomes) {
    if (rows.has(row.session)) broken.push(`session ${row.session} has two outcomes`);
    if (row.status === 'open') broken.push(`session ${row.session} is still open`);
    rows.set(row.session, row);
  }
  for (const { session, arm } of logged) {
    if (arm.split(',').some((one) => one.startsWith(`${experiment}/`)) && !rows.has(session)) {
      broken.push(`session ${session} was opened in ${arm} and has no outcome`);
    }
  }
  for (const { key, said } of attempts) {
    const isIn = said !== undefined && armIn(experiment, said.arms) !== undefined;
    if (isIn && !rows.has(said.session)) broken.push(`${key} has no outcome`);
  }
  return broken;
}

/** What the host summed up is finished, with the optimizer's own numbers. */
function finishedIsFinished({ experiment, attempts, outcomes }: Evidence): readonly string[] {
  const rows = new Map(outcomes.map((row) => [row.session, row]));
  return attempts.flatMap(({ key, said }) => {
    if (said === undefined || armIn(experiment, said.arms) === undefined) return [];
    const row = rows.get(said.session);
    if (row?.status !== 'finished') {
      return said.status === 'ok' ? [`${key} was summed up, its outcome is ${row?.status}`] : [];
    }
    const { call_equivalents: calls, reference_objective: fRef } = row.metrics;
    const isSame = calls === said.callEquivalents && fRef === said.referenceObjective;
    return isSame ? [] : [`${key}: the outcome has other numbers than the result`];
  });
}

export function verify(of: Evidence): readonly Check[] {
  return [
    { name: 'every plan ended with a plan', broken: everyPlanFinished(of) },
    { name: 'every plan that reached a host took part', broken: everyPlanTookPart(of) },
    { name: 'every unit kept its arm', broken: everyUnitKeptItsArm(of) },
    { name: 'one ended outcome a session', broken: oneOutcomeASession(of) },
    { name: 'what was summed up is finished', broken: finishedIsFinished(of) },
  ];
}

/** The figures beside the checks, so that nobody takes an idle check for a passed one. */
export function count(of: Evidence) {
  const sessions = new Map<string, number>();
  for (const { unit } of of.outcomes) sessions.set(unit, (sessions.get(unit) ?? 0) + 1);
  const arms = [...new Set(of.assignments.flatMap(({ arm }) => arm ?? []))].toSorted();
  const said = of.attempts.flatMap((attempt) => attempt.said ?? []);
  return {
    plans: of.plans.length,
    optimizerRuns: of.attempts.length,
    optimizersKilled: of.attempts.filter(({ isKilled }) => isKilled).length,
    plansWithoutHost: said.filter(({ session }) => session === '').length,
    plansWhoseHostDied: said.filter(({ session, status }) => session !== '' && status !== 'ok')
      .length,
    unitsWithSeveralSessions: [...sessions.values()].filter((n) => n > 1).length,
    sessions: of.outcomes.length,
    arms: Object.fromEntries(
      arms.map((id) => {
        const own = of.outcomes.filter(({ arm }) => arm === id);
        const units = of.assignments.filter(({ arm }) => arm === id).length;
        const ended = (status: string) => own.filter((row) => row.status === status).length;
        return [id, { units, finished: ended('finished'), lost: ended('lost') }];
      }),
    ),
  };
}

export type Counts = ReturnType<typeof count>;
