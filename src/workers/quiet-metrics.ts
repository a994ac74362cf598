import type { HostMetrics } from '../domain/operations/metrics.js';

const nothing = () => undefined;

/** Figures of what serves nobody: nobody scrapes them, and among those of the host they would be taken for advice. */
export const quietMetrics: Pick<HostMetrics, 'roles' | 'control' | 'models'> = {
  roles: {
    role: () => ({ answered: nothing, verdict: nothing }),
    outcomes: () => [],
    breaker: nothing,
  },
  control: { generation: nothing, configReload: nothing, adviceStopped: nothing },
  models: {
    model: () => ({ ran: nothing, queued: nothing, waited: nothing, unanswered: nothing }),
    modelReady: nothing,
    watchModels: nothing,
  },
};
