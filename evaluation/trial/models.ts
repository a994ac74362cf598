import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** Trains the weak model below `out`, or goes on where that was; returns its package. */
async function trainWeak(out: string): Promise<string> {
  const config = 'python/config/weak-start.yaml';
  await execa('.venv/bin/dh-train', ['warm-start', '--config', config, '--out', out]);
  return join(out, 'models/warm-start/0.1');
}

/**
 * A folder of models with both versions of `warm-start`, 1 as it comes with the host.
 *
 * @param oldModel Package of version 0.1; without it the weak one is trained.
 */
export async function makeModels(work: string, oldModel: string | undefined): Promise<string> {
  const old = oldModel ?? (await trainWeak(join(work, 'training')));
  const models = join(work, 'models');
  rmSync(models, { recursive: true, force: true });
  cpSync(old, join(models, 'warm-start/0.1'), { recursive: true });
  cpSync('models/warm-start/1', join(models, 'warm-start/1'), { recursive: true });
  return models;
}
