import { fakePlan, recordedRun } from '../../plugin-sdk/testing/index.js';
import { applied } from '../advice/advice.js';
import type { ReplayBasis } from '../replay/replay.js';
import type { PlanCounts } from '../session/plan-counts.js';
import { NO_PICTURES, type PlanFinish } from '../session/plan-finish.js';
import type { PlanOpening } from '../session/plan-opening.js';
import type { SessionObserver } from '../session/session-observer.js';
import { testConfig } from './test-config.js';

export function fakeOpening(overrides: Partial<PlanOpening> = {}): PlanOpening {
  return {
    protocol: { major: 1, minor: 0 },
    client: 'test 1.0.0',
    planKey: 'plan of a test',
    patientKey: 'patient of a test',
    label: 'phantom 7',
    adviceMode: 'advise',
    mayRecord: true,
    resumeToken: '',
    traceParent: '',
    failedSelfChecks: [],
    plan: fakePlan(),
    ...overrides,
  };
}

/** What a session's answers depend on when nothing advises. */
export function fakeBasis(overrides: Partial<ReplayBasis> = {}): ReplayBasis {
  const { roles, envelope, breaker, server } = testConfig();
  return {
    roles,
    envelope,
    breaker,
    wanted: [],
    historyIterations: server.historyIterations,
    ...overrides,
  };
}

export const FINAL_WEIGHTS = Float64Array.from({ length: 8 }, (_, i) => 0.1 / (i + 3));

export const finishEvent: PlanFinish = {
  kind: 'finish',
  stopReason: 'tolerance',
  iterations: 12,
  valueCalls: 3,
  gradientCalls: 24,
  callEquivalents: 25.5,
  optimizationMs: 12,
  adviceWaitMs: 1,
  referenceObjective: 1.25,
  metrics: [{ structure: 0, name: 'D95', value: 69.5, unit: 'Gy' }],
  finalWeights: { shape: [8], data: FINAL_WEIGHTS },
  ...NO_PICTURES,
};

/** As a session does: counts first, then tells. */
export function counted(counts: PlanCounts, observer: SessionObserver): SessionObserver {
  return {
    event: (event) => observer.event(event),
    answered: (reply) => {
      if (reply.kind !== 'summary') {
        for (const advice of Object.values(reply.advices)) if (advice) counts.advised(advice);
      }
      observer.answered(reply);
    },
    receipt: (receipt) => {
      counts.verdict(receipt);
      observer.receipt(receipt);
    },
    broken: () => observer.broken(),
    resumed: () => observer.resumed(),
    close: (reason) => observer.close(reason),
  };
}

/** Every event of a small session but its end, with an answer and a verdict for each iteration. */
export function playEvents(recording: SessionObserver, iterations = 6): void {
  for (const event of recordedRun({ iterations })) {
    if (event.kind === 'receipt') continue;
    recording.event(event);
    if (event.kind !== 'iteration') continue;
    const { level, stage, iteration } = event;
    const direction = applied<'step-direction'>({ space: 'weights', direction: FINAL_WEIGHTS });
    const advices = {
      'step-direction': {
        ...direction,
        role: 'step-direction',
        generation: 1,
        latencyUs: 7,
        isFinal: false,
      },
    } as const;
    recording.answered({ kind: 'iteration', level, stage, iteration, advices });
    const role = 'step-direction';
    recording.receipt({ kind: 'receipt', role, verdict: 'accepted', level, iteration });
  }
}

export function playSession(recording: SessionObserver, iterations = 6): void {
  playEvents(recording, iterations);
  recording.event(finishEvent);
  recording.close('finished');
}
