import type { ConfigChange } from '../../domain/operations/operations.js';

/** A change as the command that asks for it. */
export function describeChange(change: ConfigChange): string {
  switch (change.kind) {
    case 'enable':
    case 'disable':
      return `${change.kind} ${change.role}`;
    case 'use': {
      const { role, plugin, pluginVersion, model } = change;
      const version = pluginVersion === undefined ? '' : `@${pluginVersion}`;
      return `use ${role} ${plugin}${version}${model === undefined ? '' : ` --model ${model}`}`;
    }
    case 'label':
      return `label ${change.model} ${change.label} ${change.version}`;
    case 'reload':
      return 'reload';
    case 'rollback':
      return change.generation === undefined ? 'rollback' : `rollback ${change.generation}`;
  }
}

/** Settings that are written and take effect at the next start only. */
const RESTART = [
  'server.address',
  'server.insecure',
  'server.tls.',
  'server.tls',
  'server.max_message_bytes',
  'operator.',
  'access.',
  'http.',
  'logging.',
  'tracing.',
  'models.max_batch_size',
  'models.worker_threads',
  'models.queue_limit',
  'storage.',
];

export function needsRestart(path: string): boolean {
  return RESTART.some((prefix) =>
    prefix.endsWith('.') ? path.startsWith(prefix) : path === prefix,
  );
}
