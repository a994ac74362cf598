import type { MetricsSink } from '../domain/operations/metrics.js';
import type { ModelMetrics } from '../domain/operations/models.js';

const nothing = () => undefined;

/** Figures of what serves nobody: nobody scrapes them, and among those of the host they would be taken for advice. */
export const quietMetrics: MetricsSink & ModelMetrics = {
  role: () => ({ answered: nothing, verdict: nothing }),
  model: () => ({ ran: nothing, queued: nothing, waited: nothing, unanswered: nothing }),
  modelReady: nothing,
  watchModels: nothing,
  breaker: nothing,
  generation: nothing,
  configReload: nothing,
  adviceStopped: nothing,
  streamOpened: nothing,
  streamClosed: nothing,
  sessions: nothing,
  received: nothing,
  sent: nothing,
  spurious: nothing,
  recording: nothing,
  enrolled: nothing,
  outcome: nothing,
  experimentStore: nothing,
  outcomesWaiting: nothing,
  experimentStoreFailed: nothing,
  shadowed: nothing,
  ramps: nothing,
};
