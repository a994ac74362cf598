import type { ReplayBasis, ReplayedRole } from '../../domain/replay/replay.js';
import type { Role, WantedTensor } from '../../plugin-sdk/index.js';
import type { ActiveSet } from '../plugins/active-set.js';

/** What a replay has to know of the host. A plugin that was refused is off, for it did not answer. */
export function replayBasis(
  { roles, config }: ActiveSet,
  wanted: readonly WantedTensor[],
): ReplayBasis {
  const { envelope, breaker, server } = config;
  const replayed = roles.map(({ role, loaded, config: { plugin, settings, onFailure } }) => {
    const served: ReplayedRole =
      loaded === undefined
        ? { plugin: 'off', settings: {}, onFailure }
        : { plugin, settings, onFailure };
    return [role, served] as const;
  });
  return {
    roles: Object.fromEntries(replayed) as Record<Role, ReplayedRole>,
    envelope,
    breaker,
    wanted,
    historyIterations: server.historyIterations,
  };
}
