import { resolve } from 'node:path';
import type { Clock } from '../../domain/clock.js';
import type { HostConfig } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import type { SettingDifference } from '../../domain/operations/operations.js';
import { diffConfig } from '../diff-config.js';
import { type ConfigFiles, nodeConfigFiles, sha256Of } from '../edit/config-files.js';
import { GenerationHistory } from '../history/generation-history.js';
import { StopFile } from '../history/stop-file.js';
import { checkCertificates, type LoadedConfig, parseConfig, readConfig } from '../read-config.js';
import { LiveConfig } from './live-config.js';

export interface OpenOptions {
  readonly file: string;
  readonly override?: ((config: HostConfig) => HostConfig) | undefined;
  readonly clock: Clock;
  readonly wallMs: () => number;
  readonly log: (config: HostConfig) => Log;
  readonly files?: ConfigFiles | undefined;
}

export interface OpenedConfig {
  readonly live: LiveConfig;
  readonly stopStore: StopFile;
  readonly loaded: LoadedConfig;
  readonly log: Log;
}

/**
 * Reads a configuration file and its history. A file that was edited while no host ran is the next generation; generations
 * go on counting.
 * @throws HostError `config-invalid`
 */
export async function openLiveConfig(options: OpenOptions): Promise<OpenedConfig> {
  const { clock, wallMs, files = nodeConfigFiles, override = (config) => config } = options;
  const file = resolve(options.file);
  // Sooner than its history, whose place it names.
  const first = readConfig(options.file);
  await checkCertificates(first, wallMs());
  const log = options.log(first.config);
  const text = await files.read(file);
  const history = await GenerationHistory.open({ ...first.config.history, log });
  const [newest] = history.records;
  const isKnown = newest?.sha256 === text.sha256;
  const generation = newest === undefined ? 1 : newest.generation + (isKnown ? 0 : 1);
  const loaded = parseConfig(text.text, options.file, generation);
  for (const notice of loaded.notices) log.warn('configuration', { notice });
  if (!isKnown) {
    const before = newest && history.textOf(newest.generation);
    const record = {
      generation,
      atMs: wallMs(),
      sha256: sha256Of(text.text),
      differences: differencesSince(before, loaded),
      who: 'unknown',
      via: 'file' as const,
      what: newest === undefined ? 'first start' : 'edit of the file',
      why: newest === undefined ? 'the host was started' : 'edited while no host ran',
    };
    await history.add(record, text.text).catch((thrown: unknown) => {
      log.warn('generations are not kept: operators cannot change the configuration', {
        generation,
        err: thrown,
      });
      history.addUnkept(record);
    });
  }
  const live = new LiveConfig({ file, files, history, loaded, text, override, clock, wallMs });
  const stopStore = new StopFile(first.config.history.directory, history, wallMs);
  return { live, stopStore, loaded, log };
}

function differencesSince(
  before: string | undefined,
  { raw, file }: LoadedConfig,
): readonly SettingDifference[] {
  if (before === undefined) return [];
  try {
    return diffConfig(parseConfig(before, file).raw, raw);
  } catch {
    // Kept by a host of another version.
    return [];
  }
}
