import type { MaybePromise } from '../maybe-promise.js';
import type { ConfigChange } from './operations.js';

/** What somebody may do. An admin may do what an operator may, and an operator may look; plans are for optimizers alone. */
export const ACCESS_ROLES = ['viewer', 'operator', 'admin', 'optimizer'] as const;

export type AccessRole = (typeof ACCESS_ROLES)[number];

const INCLUDED: Readonly<Record<AccessRole, readonly AccessRole[]>> = {
  viewer: ['viewer', 'operator', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
  optimizer: ['optimizer'],
};

/** Whether one of the roles is enough. */
export function isAllowed(roles: Iterable<AccessRole>, need: AccessRole): boolean {
  return [...roles].some((role) => INCLUDED[need].includes(role));
}

/** Who may ask: everybody who reaches the address, or who has the role. */
export type Need = AccessRole | 'anyone';

/** Every call of every gRPC listener. */
export const CALL_NEEDS = {
  'PlanAdvisor.Advise': 'optimizer',
  'OperatorService.GetStatus': 'viewer',
  'OperatorService.ListPlugins': 'viewer',
  'OperatorService.ListModels': 'viewer',
  'OperatorService.ListSessions': 'viewer',
  'OperatorService.ListGenerations': 'viewer',
  'OperatorService.GetGeneration': 'viewer',
  'OperatorService.ChangeConfiguration': 'operator',
  'OperatorService.StopAdvice': 'operator',
  'OperatorService.ResumeAdvice': 'operator',
  'OperatorService.ReleaseExperiment': 'admin',
  'OperatorService.PromoteExperiment': 'admin',
  'GRPCInferenceService.ServerLive': 'anyone',
  'GRPCInferenceService.ServerReady': 'anyone',
  'GRPCInferenceService.ModelReady': 'optimizer',
  'GRPCInferenceService.ServerMetadata': 'optimizer',
  'GRPCInferenceService.ModelMetadata': 'optimizer',
  'GRPCInferenceService.ModelInfer': 'optimizer',
  'GRPCInferenceService.RepositoryIndex': 'optimizer',
  'GRPCInferenceService.RepositoryModelLoad': 'operator',
  'GRPCInferenceService.RepositoryModelUnload': 'operator',
  'Health.Check': 'anyone',
  'Health.Watch': 'anyone',
  'Health.List': 'anyone',
  'ServerReflection.ServerReflectionInfo': 'anyone',
} as const satisfies Readonly<Record<string, Need>>;

/** What a change of the configuration needs: switching is an operator's, whole configurations are an admin's. */
export const CHANGE_NEEDS: Readonly<Record<ConfigChange['kind'], AccessRole>> = {
  enable: 'operator',
  disable: 'operator',
  use: 'operator',
  label: 'operator',
  reload: 'admin',
  rollback: 'admin',
};

/** Every route of the page's address. */
export const ROUTE_NEEDS = {
  'GET /': 'anyone',
  'GET /assets/*': 'anyone',
  'GET /favicon.svg': 'anyone',
  'GET /licenses.md': 'anyone',
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /metrics': 'viewer',
  'GET /api/status': 'viewer',
  'GET /api/health': 'viewer',
  'GET /api/plugins': 'viewer',
  'GET /api/models': 'viewer',
  'GET /api/roles': 'viewer',
  'GET /api/plans': 'viewer',
  'GET /api/plans/:session': 'viewer',
  'GET /api/plans/:session/report': 'viewer',
  'GET /api/plans/:session/slices/:plane': 'viewer',
  'GET /api/configuration': 'viewer',
  'GET /api/configuration/diff': 'viewer',
  'GET /api/configuration/:generation{[0-9]{1,9}}': 'viewer',
  'GET /api/experiments': 'viewer',
  'GET /api/experiments/:id': 'viewer',
  'GET /api/events': 'viewer',
  'POST /api/configuration/changes': 'operator',
  'POST /api/advice/stop': 'operator',
  'POST /api/advice/stop/reason': 'operator',
  'POST /api/advice/resume': 'operator',
  'POST /api/experiments/:id/promote': 'admin',
  'POST /api/experiments/:id/release': 'admin',
  'GET /v2': 'optimizer',
  'GET /v2/health/live': 'anyone',
  'GET /v2/health/ready': 'anyone',
  'GET /v2/models/:name': 'optimizer',
  'GET /v2/models/:name/ready': 'optimizer',
  'GET /v2/models/:name/versions/:version': 'optimizer',
  'GET /v2/models/:name/versions/:version/ready': 'optimizer',
  'POST /v2/models/:name/infer': 'optimizer',
  'POST /v2/models/:name/versions/:version/infer': 'optimizer',
  'POST /v2/repository/index': 'optimizer',
  'POST /v2/repository/models/:name/load': 'operator',
  'POST /v2/repository/models/:name/unload': 'operator',
} as const satisfies Readonly<Record<string, Need>>;

/** Every command that asks a running host. */
export const COMMAND_NEEDS = {
  status: 'viewer',
  'plugin list': 'viewer',
  'model list': 'viewer',
  'session list': 'viewer',
  'config history': 'viewer',
  'role on': 'operator',
  'role off': 'operator',
  'role use': 'operator',
  'model label': 'operator',
  'stop-advice': 'operator',
  'resume-advice': 'operator',
  'config reload': 'admin',
  'config rollback': 'admin',
  'experiment release': 'admin',
  'experiment promote': 'admin',
} as const satisfies Readonly<Record<string, Need>>;

/** What a caller shows of itself. */
export interface Shown {
  /** Of `authorization: Bearer TOKEN`; undefined: none. */
  readonly token: string | undefined;
  /** Of the connection, DER; verified against the listener's authorities. Undefined: none. */
  readonly certificate: Uint8Array | undefined;
}

export const NOTHING_SHOWN: Shown = { token: undefined, certificate: undefined };

/** Somebody who was let in. */
export interface Caller {
  /** For what is kept of a change; undefined where nothing proves who it is. */
  readonly name: string | undefined;
  /** @throws HostError `access-role` when that takes another role. */
  require(need: AccessRole): void;
}

/** Who may do what on one listener. */
export interface AccessGuard {
  /** Whether changes can be allowed by a token. */
  readonly needsToken: boolean;
  /** Why nobody may change anything here, with what to do about it; undefined where somebody may. */
  readonly refusal: string | undefined;
  /**
   * At once, unless the token has to be verified.
   * @throws HostError `operator-token`, `operator-token-unset` for changes, `access-none` for looking and for plans, and `access-role` for somebody
   * who is known and has another role.
   */
  admit(shown: Shown, need: AccessRole): MaybePromise<Caller>;
  /**
   * For what an optimizer may ask for as an operator: on its address nobody is let through without proof.
   * @throws HostError as `admit`, or `operator-token-none`.
   */
  prove(shown: Shown): MaybePromise<Caller>;
}
