import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Clock } from '../../domain/clock.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { ExperimentControl } from '../../domain/experiments/experiment-control.js';
import type { Log } from '../../domain/log.js';
import {
  type AccessGuard,
  type AccessRole,
  CALL_NEEDS,
  type Caller,
  CHANGE_NEEDS,
  type Shown,
} from '../../domain/operations/access.js';
import type { ModelCatalogue, ModelState } from '../../domain/operations/models.js';
import {
  type ConfigControl,
  type KillSwitchControl,
  provenOrigin,
} from '../../domain/operations/operations.js';
import type { PluginCatalogue, RoleBoard } from '../../domain/operations/role-board.js';
import type { SessionRegistry, SessionState } from '../../domain/session/session-registry.js';
import type { GetStatusResponseInit } from '../../generated/dh/advisor/v1/GetStatusResponse.js';
import type { OperatorServiceHandlers } from '../../generated/dh/advisor/v1/OperatorService.js';
import { encodeBinding, encodeOutcomes } from '../codec/encode-reply.js';
import { roleNumber, solverNumber } from '../codec/wire-names.js';
import { toStatus } from '../status.js';
import {
  decodeChange,
  decodeOrigin,
  decodeText,
  encodeGeneration,
  encodeRefusal,
  encodeReport,
  encodeStop,
} from './operator-codec.js';
import { shownBy } from './operator-credentials.js';
import { decodePromotion, encodePromotion } from './promotion-codec.js';

export interface OperatorDependencies {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly board: RoleBoard;
  readonly catalogue: PluginCatalogue;
  readonly models: ModelCatalogue;
  readonly registry: SessionRegistry;
  readonly control: ConfigControl;
  readonly killSwitch: KillSwitchControl;
  readonly guard: AccessGuard;
  readonly experiments: ExperimentControl;
}

/** A unary call whose answer may take its time or be refused. */
function answering<Q, A>(
  log: Log,
  answer: (request: Q, shown: Shown) => A | Promise<A>,
): handleUnaryCall<Q, A> {
  return (call, reply) => {
    Promise.resolve()
      .then(() => answer(call.request, shownBy(call)))
      .then(
        (value) => reply(null, value),
        (thrown: unknown) => reply(toStatus(thrown, log, 'operator refused')),
      );
  };
}

/** What the host is doing, and changes of it. */
export function operatorHandlers(dependencies: OperatorDependencies): OperatorServiceHandlers {
  const { log, catalogue, models, registry, control, killSwitch, guard, experiments } =
    dependencies;
  const status = statusOf(dependencies);
  /** `method`: whose need in the table is asked for, sooner than anything of the request is looked at. */
  const asking = <Q, A>(
    method: OperatorMethod,
    answer: (request: Q, caller: Caller) => A | Promise<A>,
  ) =>
    answering<Q, A>(log, async (request, shown) =>
      answer(request, await guard.admit(shown, CALL_NEEDS[`OperatorService.${method}`])),
    );
  return {
    GetStatus: asking('GetStatus', status),
    ListPlugins: asking('ListPlugins', () => ({
      plugins: catalogue.plugins().map(({ role, ...plugin }) => ({
        ...plugin,
        role: role === undefined ? 0 : roleNumber[role],
      })),
    })),
    ListModels: asking('ListModels', () => ({ models: models.models().map(encodeModel) })),
    ListSessions: asking('ListSessions', () => ({
      sessions: registry.sessions().map(encodeSession),
    })),
    ChangeConfiguration: asking('ChangeConfiguration', async (request, caller) => {
      const { isDryRun = false, expectedGeneration } = request;
      const origin = provenOrigin(decodeOrigin(request.origin), caller.name);
      const wanted = decodeChange(request);
      caller.require(CHANGE_NEEDS[wanted.kind]);
      const asked = { change: wanted, origin, isDryRun, expectedGeneration };
      return encodeReport(await control.change(asked));
    }),
    StopAdvice: asking('StopAdvice', async ({ origin }, { name }) => {
      await killSwitch.stop(provenOrigin(decodeOrigin(origin), name));
      return { openSessions: registry.sessions().length };
    }),
    ResumeAdvice: asking('ResumeAdvice', async ({ origin }, { name }) => {
      await killSwitch.resume(provenOrigin(decodeOrigin(origin), name));
      return { openSessions: registry.sessions().length };
    }),
    ReleaseExperiment: asking('ReleaseExperiment', async ({ experiment, origin }, { name }) =>
      experiments.release(
        decodeText(experiment, 'experiment'),
        provenOrigin(decodeOrigin(origin), name),
      ),
    ),
    PromoteExperiment: asking('PromoteExperiment', async (request, { name }) => {
      const asked = decodePromotion(request);
      const origin = provenOrigin(asked.origin, name);
      return encodePromotion(await experiments.promote({ ...asked, origin }));
    }),
    ListGenerations: asking('ListGenerations', ({ limit = 0 }) => {
      const newest = <T>(all: readonly T[]) => (limit === 0 ? all : all.slice(0, limit));
      return {
        generations: newest(control.generations()).map(encodeGeneration),
        refusals: newest(control.refusals()).map(encodeRefusal),
      };
    }),
    GetGeneration: asking('GetGeneration', ({ generation = 0 }) => {
      const text = control.textOf(generation);
      if (text !== undefined) return { text };
      const known = control.generations().map((generation) => generation.generation);
      throw new HostError('generation-unknown', { generation, known: known.join(', ') || 'none' });
    }),
  };
}

type OperatorMethod = keyof {
  [K in keyof typeof CALL_NEEDS as K extends `OperatorService.${infer M}` ? M : never]: AccessRole;
};

function statusOf(dependencies: OperatorDependencies): () => GetStatusResponseInit {
  const { clock, version, board, registry, killSwitch } = dependencies;
  const startedMs = clock.nowMs();
  return () => {
    const { stopped } = killSwitch;
    return {
      state: registry.isDraining ? 'draining' : 'serving',
      version,
      configurationGeneration: board.generation(),
      openSessions: registry.sessions().length,
      uptimeSeconds: (clock.nowMs() - startedMs) / 1000,
      roles: board.roles().map((role) => ({
        role: roleNumber[role.binding.role],
        ...(role.binding.solver && { solver: solverNumber[role.binding.solver] }),
        binding: encodeBinding(role.binding),
        breaker: role.breaker,
        outcomes: encodeOutcomes(role.outcomes),
        isHealthy: role.isHealthy,
      })),
      ...(stopped === undefined ? {} : { adviceStop: encodeStop(stopped) }),
    };
  };
}

function encodeModel({ labels, placement, costMs, ...model }: ModelState) {
  return {
    ...model,
    labels: [...labels],
    placement: placement ?? '',
    ...(costMs === undefined ? {} : { costMs }),
  };
}

function encodeSession(session: SessionState) {
  return {
    sessionId: session.sessionId,
    client: session.client,
    configurationGeneration: session.generation,
    level: session.level,
    stage: session.stage,
    iteration: session.iteration,
    objective: session.objective,
    ageSeconds: session.ageMs / 1000,
  };
}
