import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeWhole } from '../../../system/whole-file.js';
import { readMetadata, readTable, type SessionEntry, type TableRow } from './read-trajectory.js';

/** The layout of the first trajectory collector, so that programs written for it can go on. */
async function seedLayout(path: string): Promise<Readonly<Record<string, unknown>>> {
  const metadata = await readMetadata(path);
  const iterations = await readTable(path, 'iterations');
  const finalWeights = (await readTable(path, 'beamlets')).map((row) => row['final_weight']);
  return {
    patient_id: metadata.patient_id,
    anatomy: {
      // Volumes are never recorded.
      ct_density: null,
      structure_masks: null,
      beam_geometry: metadata.anatomy.beam_geometry,
      target_dvhs: metadata.anatomy.target_dvhs,
    },
    iterations: iterations.map((row) => ({
      iteration: row['iteration'],
      objective: row['objective'],
      gradient_norm: row['gradient_norm'],
      weights: row['weights'] ?? null,
      search_direction: row['search_direction'] ?? null,
      step_size: row['step_size'],
      adaptive_variance: row['adaptive_variance'] ?? null,
      level: row['level'],
      stage: row['stage'],
    })),
    final_weights: finalWeights.every((weight) => typeof weight === 'number') ? finalWeights : null,
    final_objective: metadata.final_objective,
  };
}

/** One `SESSION_trajectory.json` a session. Returns the files written. */
export async function exportSeedJson(
  entries: readonly SessionEntry[],
  folder: string,
): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const files: string[] = [];
  for (const { sessionId, path } of entries) {
    const file = join(folder, `${sessionId}_trajectory.json`);
    await writeWhole(file, `${JSON.stringify(await seedLayout(path))}\n`);
    files.push(file);
  }
  return files;
}

async function* iterationLines(entries: readonly SessionEntry[]): AsyncGenerator<string> {
  for (const { path } of entries) {
    const { session_id, patient_id } = await readMetadata(path);
    const rows: readonly TableRow[] = await readTable(path, 'iterations');
    for (const row of rows) yield `${JSON.stringify({ session_id, patient_id, ...row })}\n`;
  }
}

/** Every iteration of every session as a line of JSON, to a file that is whole or not there, or an open stream, which stays open. */
export async function exportJsonLines(
  entries: readonly SessionEntry[],
  out: string | Writable,
): Promise<void> {
  const lines = iterationLines(entries);
  if (typeof out === 'string') await writeWhole(out, lines);
  else await pipeline(Readable.from(lines), out, { end: false });
}
