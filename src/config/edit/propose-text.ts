import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { ChangeRequest } from '../../domain/operations/operations.js';
import type { Role } from '../../plugin-sdk/index.js';
import type { GenerationHistory } from '../history/generation-history.js';
import type { ActiveConfig, LiveConfigOptions } from '../live/live-parts.js';
import { formatPath } from '../yaml-document.js';
import { editsFor } from './change-edits.js';
import type { FileText } from './config-files.js';
import { editYaml } from './edit-yaml.js';

type Where = Pick<LiveConfigOptions, 'file' | 'files' | 'history'>;

/** A text, and the only settings that it may change where a command says which. */
export interface Proposal {
  readonly text: string;
  readonly paths?: readonly string[] | undefined;
}

/**
 * The text that the file would have after a change.
 * @throws HostError when the change does not fit what the operator looked at, what the file says or what is kept.
 */
export async function proposeText(
  request: ChangeRequest,
  { loaded, text }: ActiveConfig,
  where: Where,
): Promise<Proposal> {
  const { change, origin, expectedGeneration: expected } = request;
  for (const [field, value] of Object.entries({ who: origin.who, why: origin.why })) {
    if (value.trim() === '') throw new HostError('invalid-field', { field, problem: 'is empty' });
  }
  const current = loaded.config.generation;
  if (expected !== undefined && expected !== current) {
    throw new HostError('config-conflict', { expected, current });
  }
  const { file, files, history } = where;
  let onDisk: FileText;
  try {
    onDisk = await files.read(file);
  } catch (thrown) {
    const problem = describeThrown(thrown);
    throw new HostError('config-missing', { file, problem, generation: current });
  }
  if (change.kind === 'reload') return { text: onDisk.text };
  if (onDisk.sha256 !== text.sha256) throw new HostError('config-edited', { file });
  if (change.kind === 'rollback') return { text: formerText(change.generation, history) };
  const lastPlugin = (role: Role) => findLastPlugin(role, history);
  const edits = editsFor(change, { raw: loaded.raw, lastPlugin });
  return {
    text: await editYaml(onDisk.text, edits, file),
    paths: edits.map(({ path }) => formatPath(path)),
  };
}

function formerText(generation: number | undefined, history: GenerationHistory): string {
  const wanted = generation ?? history.records[1]?.generation;
  const former = wanted === undefined ? undefined : history.textOf(wanted);
  if (former !== undefined) return former;
  const known = history.kept.join(', ') || 'none';
  throw new HostError('generation-unknown', { generation: wanted ?? 'before the first', known });
}

/** What switched the role off last says what it had. */
function findLastPlugin(role: Role, history: GenerationHistory): string | undefined {
  const path = `roles.${role}.plugin`;
  const before = history.records
    .flatMap(({ differences }) => differences)
    .find((difference) => difference.path === path && difference.before !== 'off')?.before;
  return typeof before === 'string' ? before : undefined;
}
