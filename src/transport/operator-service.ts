import type { Clock } from '../domain/clock.js';
import type { PluginCatalogue, RoleBoard, SessionRegistry } from '../domain/ports.js';
import type { OperatorServiceHandlers } from '../generated/dh/advisor/v1/OperatorService.js';
import { encodeBinding, encodeOutcomes } from './encode-reply.js';
import { roleNumber } from './wire-names.js';

export interface OperatorDependencies {
  readonly clock: Clock;
  readonly version: string;
  readonly board: RoleBoard;
  readonly catalogue: PluginCatalogue;
  readonly registry: SessionRegistry;
}

/** What the host is doing, read only. */
export function operatorHandlers(dependencies: OperatorDependencies): OperatorServiceHandlers {
  const { clock, version, board, catalogue, registry } = dependencies;
  const startedMs = clock.nowMs();
  return {
    GetStatus: (_call, reply) => {
      reply(null, {
        state: registry.isDraining ? 'draining' : 'serving',
        version,
        configurationGeneration: board.generation(),
        openSessions: registry.sessions().length,
        uptimeSeconds: (clock.nowMs() - startedMs) / 1000,
        roles: board.roles().map((role) => ({
          role: roleNumber[role.binding.role],
          binding: encodeBinding(role.binding),
          breaker: role.breaker,
          outcomes: encodeOutcomes(role.outcomes),
        })),
      });
    },
    ListPlugins: (_call, reply) => {
      const plugins = catalogue.plugins().map(({ role, ...plugin }) => ({
        ...plugin,
        role: role === undefined ? 0 : roleNumber[role],
      }));
      reply(null, { plugins: plugins as never });
    },
    ListSessions: (_call, reply) => {
      reply(null, {
        sessions: registry.sessions().map((session) => ({
          sessionId: session.sessionId,
          client: session.client,
          configurationGeneration: session.generation,
          level: session.level,
          stage: session.stage,
          iteration: session.iteration,
          objective: session.objective,
          ageSeconds: session.ageMs / 1000,
        })),
      });
    },
  };
}
