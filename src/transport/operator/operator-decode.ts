import { OUTCOMES, type Outcome } from '../../domain/advice/advice.js';
import type { BreakerState } from '../../domain/advice/breaker.js';
import type { HostStatus } from '../../domain/operations/host-status.js';
import type { ModelState } from '../../domain/operations/models.js';
import type {
  ChangeOrigin,
  ChangeReport,
  GenerationRecord,
  RefusedChange,
  SettingDifference,
} from '../../domain/operations/operations.js';
import type { PluginState, RoleState } from '../../domain/operations/role-board.js';
import type { SessionState } from '../../domain/session/session-registry.js';
import type { ChangeConfigurationResponse } from '../../generated/dh/advisor/v1/ChangeConfigurationResponse.js';
import type { ChangeOrigin as WireOrigin } from '../../generated/dh/advisor/v1/ChangeOrigin.js';
import type { Generation } from '../../generated/dh/advisor/v1/Generation.js';
import type { GetStatusResponse } from '../../generated/dh/advisor/v1/GetStatusResponse.js';
import type { ModelStatus } from '../../generated/dh/advisor/v1/ModelStatus.js';
import type { PluginStatus } from '../../generated/dh/advisor/v1/PluginStatus.js';
import type { RefusedChange as WireRefusal } from '../../generated/dh/advisor/v1/RefusedChange.js';
import type { RoleStatus } from '../../generated/dh/advisor/v1/RoleStatus.js';
import type { SessionStatus } from '../../generated/dh/advisor/v1/SessionStatus.js';
import type { SettingDifference as WireDifference } from '../../generated/dh/advisor/v1/SettingDifference.js';
import type { Role } from '../../plugin-sdk/index.js';
import { outcomeNumber, roleWord, solverWord } from '../codec/wire-names.js';

/** What a host says to operators, in the words of the domain. Absent fields of proto3 are their defaults. */

const outcomeWord = new Map<number, Outcome>(OUTCOMES.map((word) => [outcomeNumber[word], word]));

function decodeOrigin(wire: WireOrigin | undefined): ChangeOrigin {
  const { who = '', why = '', via } = wire ?? {};
  return { who, why, via: via as ChangeOrigin['via'] };
}

function decodeRoleStatus({
  role,
  binding,
  breaker,
  outcomes = [],
  isHealthy,
  solver,
}: RoleStatus): RoleState {
  const word = roleWord.get(Number(role ?? 0)) as Role;
  return {
    binding: {
      role: word,
      plugin: binding?.plugin ?? '',
      pluginVersion: binding?.pluginVersion ?? '',
      model: binding?.model ?? '',
      modelSha256: binding?.modelSha256 ?? '',
      arm: binding?.arm ?? '',
      solver: solverWord.get(Number(solver ?? 0)),
      deadlineMs: binding?.deadlineMs ?? 0,
    },
    breaker: breaker as BreakerState,
    outcomes: outcomes.flatMap(({ outcome, count = 0 }) => {
      const known = outcomeWord.get(Number(outcome ?? 0));
      return known === undefined ? [] : [{ role: word, outcome: known, count }];
    }),
    isHealthy: isHealthy ?? false,
  };
}

export function decodeStatus(wire: GetStatusResponse): HostStatus {
  const { adviceStop: stop } = wire;
  return {
    state: wire.state ?? '',
    version: wire.version ?? '',
    generation: wire.configurationGeneration ?? 0,
    openSessions: wire.openSessions ?? 0,
    uptimeMs: 1000 * (wire.uptimeSeconds ?? 0),
    roles: (wire.roles ?? []).map(decodeRoleStatus),
    stopped: stop && {
      ...decodeOrigin(stop.origin),
      sinceMs: Math.round(1000 * (stop.sinceUnixSeconds ?? 0)),
    },
  };
}

export function decodePlugin(wire: PluginStatus): PluginState {
  const { id = '', version = '', stability = '', reason = '', restarts = 0, lastEnd = '' } = wire;
  const isolation = (wire.isolation ?? '') as PluginState['isolation'];
  const role = roleWord.get(Number(wire.role ?? 0));
  const state = wire.state as PluginState['state'];
  return { id, version, role, stability, state, reason, isolation, restarts, lastEnd };
}

export function decodeModel(wire: ModelStatus): ModelState {
  const { id = '', version = '', labels = [], placement, costMs, reason = '' } = wire;
  return {
    id,
    version,
    labels,
    reason,
    costMs,
    state: wire.state as ModelState['state'],
    placement: (placement || undefined) as ModelState['placement'],
  };
}

export function decodeSession(wire: SessionStatus): SessionState {
  const { sessionId = '', client = '', level = 0, stage = 0, iteration = 0, objective = 0 } = wire;
  return {
    sessionId,
    client,
    level,
    stage,
    iteration,
    objective,
    generation: wire.configurationGeneration ?? 0,
    ageMs: 1000 * (wire.ageSeconds ?? 0),
  };
}

function fromJson(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function decodeDifference(wire: WireDifference): SettingDifference {
  const { path = '', beforeJson, afterJson } = wire;
  return { path, before: fromJson(beforeJson), after: fromJson(afterJson) };
}

export function decodeReport(wire: ChangeConfigurationResponse): ChangeReport {
  const { generation = 0, isApplied = false, differences = [], needsRestart = [] } = wire;
  return { generation, isApplied, differences: differences.map(decodeDifference), needsRestart };
}

export function decodeGeneration(wire: Generation): GenerationRecord {
  const { generation = 0, what = '', differences = [] } = wire;
  return {
    ...decodeOrigin(wire.origin),
    generation,
    what,
    atMs: Math.round(1000 * (wire.atUnixSeconds ?? 0)),
    differences: differences.map(decodeDifference),
  };
}

export function decodeRefusal(wire: WireRefusal): RefusedChange {
  const { what = '', code = '', problem = '' } = wire;
  const atMs = Math.round(1000 * (wire.atUnixSeconds ?? 0));
  return { ...decodeOrigin(wire.origin), atMs, what, code, problem };
}
