import { HostError } from '../../domain/errors/host-error.js';
import type {
  AdviceStop,
  ChangeOrigin,
  ChangeReport,
  ConfigChange,
  GenerationRecord,
  RefusedChange,
  SettingDifference,
} from '../../domain/operations/operations.js';
import type {
  ChangeConfigurationRequest,
  ChangeConfigurationRequestInit,
} from '../../generated/dh/advisor/v1/ChangeConfigurationRequest.js';
import type { ChangeConfigurationResponseInit } from '../../generated/dh/advisor/v1/ChangeConfigurationResponse.js';
import type { ChangeOrigin as WireOrigin } from '../../generated/dh/advisor/v1/ChangeOrigin.js';
import type { GenerationInit } from '../../generated/dh/advisor/v1/Generation.js';
import type { RefusedChangeInit } from '../../generated/dh/advisor/v1/RefusedChange.js';
import type { SettingDifferenceInit } from '../../generated/dh/advisor/v1/SettingDifference.js';
import type { Role } from '../../plugin-sdk/index.js';
import { roleNumber, roleWord } from '../codec/wire-names.js';

/** A change as a request spells it: a role by its number, absent strings and numbers left out. */
type WireChange = Pick<
  ChangeConfigurationRequest,
  'enable' | 'disable' | 'use' | 'label' | 'reload' | 'rollBack'
>;

function invalid(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

function decodeRole(wire: unknown, field: string): Role {
  const role = roleWord.get(Number(wire ?? 0));
  return role ?? invalid(field, 'is no role');
}

export function decodeText(text: string | undefined, field: string): string {
  return text === undefined || text.trim() === '' ? invalid(field, 'is empty') : text;
}

/** @throws HostError `invalid-field` */
export function decodeOrigin(wire: WireOrigin | undefined): ChangeOrigin {
  const via = wire?.via ?? '';
  if (via !== 'command' && via !== 'page') invalid('origin.via', 'is not `command` or `page`');
  return {
    who: decodeText(wire?.who, 'origin.who'),
    why: decodeText(wire?.why, 'origin.why'),
    via,
  };
}

/** @throws HostError `invalid-field` */
export function decodeChange(wire: WireChange): ConfigChange {
  const { enable, disable, use, label, reload, rollBack } = wire;
  if (enable) return { kind: 'enable', role: decodeRole(enable.role, 'enable.role') };
  if (disable) return { kind: 'disable', role: decodeRole(disable.role, 'disable.role') };
  if (use) {
    return {
      kind: 'use',
      role: decodeRole(use.role, 'use.role'),
      plugin: decodeText(use.plugin, 'use.plugin'),
      pluginVersion: use.pluginVersion,
      model: use.model,
    };
  }
  if (label) {
    return {
      kind: 'label',
      model: decodeText(label.model, 'label.model'),
      label: decodeText(label.label, 'label.label'),
      version: decodeText(label.version, 'label.version'),
    };
  }
  if (reload) return { kind: 'reload' };
  if (rollBack) return { kind: 'rollback', generation: rollBack.generation };
  return invalid('change', 'is missing');
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

function encodeDifference({ path, before, after }: SettingDifference): SettingDifferenceInit {
  const wire: SettingDifferenceInit = { path };
  if (before !== undefined) wire.beforeJson = json(before);
  if (after !== undefined) wire.afterJson = json(after);
  return wire;
}

export function encodeReport(report: ChangeReport): ChangeConfigurationResponseInit {
  const { generation, isApplied, differences, needsRestart } = report;
  return {
    generation,
    isApplied,
    needsRestart: [...needsRestart],
    differences: differences.map(encodeDifference),
  };
}

export function encodeOrigin({ who, why, via }: ChangeOrigin): WireOrigin {
  return { who, why, via };
}

export function encodeStop(stop: AdviceStop) {
  return { origin: encodeOrigin(stop), sinceUnixSeconds: stop.sinceMs / 1000 };
}

export function encodeGeneration(record: GenerationRecord): GenerationInit {
  const { generation, atMs, what, differences } = record;
  return {
    generation,
    what,
    atUnixSeconds: atMs / 1000,
    origin: encodeOrigin(record),
    differences: differences.map(encodeDifference),
  };
}

export function encodeRefusal(refusal: RefusedChange): RefusedChangeInit {
  const { atMs, what, code, problem } = refusal;
  return { atUnixSeconds: atMs / 1000, origin: encodeOrigin(refusal), what, code, problem };
}

/** For whoever asks. */
export function encodeChange(change: ConfigChange): ChangeConfigurationRequestInit {
  switch (change.kind) {
    case 'enable':
      return { enable: { role: roleNumber[change.role] } };
    case 'disable':
      return { disable: { role: roleNumber[change.role] } };
    case 'use': {
      const { role, plugin, pluginVersion, model } = change;
      const version = pluginVersion === undefined ? {} : { pluginVersion };
      const named = model === undefined ? {} : { model };
      return { use: { role: roleNumber[role], plugin, ...version, ...named } };
    }
    case 'label': {
      const { model, label, version } = change;
      return { label: { model, label, version } };
    }
    case 'reload':
      return { reload: {} };
    case 'rollback':
      return {
        rollBack: change.generation === undefined ? {} : { generation: change.generation },
      };
  }
}
