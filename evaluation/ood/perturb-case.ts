import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { randomLcg } from 'd3-random';
import { execa } from 'execa';
import { NIFTI1, readHeader } from 'nifti-reader-js';
import { hashFiles, sha256 } from '../fingerprint.js';
import { RTMODEL } from '../programs.js';
import type { EvaluationCase } from '../runs/cases.js';
import { type CaseDescription, HALF_ARC, type Perturbation, perturbedId } from './perturbations.js';

/** Applies a function to every voxel of a NIfTI file of int16 or float32; the header stays. */
export function editVolume(packed: Buffer, edit: (value: number) => number): Buffer {
  const bytes = new Uint8Array(gunzipSync(packed));
  const header = readHeader(bytes.buffer);
  const isShort = header?.datatypeCode === NIFTI1.TYPE_INT16;
  const isFloat = header?.datatypeCode === NIFTI1.TYPE_FLOAT32;
  if (!header?.littleEndian || !(isShort || isFloat)) {
    throw new Error('the CT is not a little-endian NIfTI file of int16 or float32');
  }
  const voxels = isShort
    ? new Int16Array(bytes.buffer, header.vox_offset)
    : new Float32Array(bytes.buffer, header.vox_offset);
  for (let index = 0; index < voxels.length; index += 1) voxels[index] = edit(voxels[index] ?? 0);
  return gzipSync(bytes, { level: 1 });
}

async function makePhantom(kind: string, seed: number, path: string): Promise<void> {
  if (existsSync(join(path, 'case.json'))) return;
  await execa(RTMODEL, ['phantom', `--kind=${kind}`, `--seed=${seed}`, path]);
}

function writeCase(
  of: EvaluationCase,
  { name, describe, ct }: Perturbation,
  path: string,
): boolean {
  const description = JSON.parse(
    readFileSync(join(of.path, 'case.json'), 'utf8'),
  ) as CaseDescription;
  if (describe && !describe(description)) return false;
  mkdirSync(path, { recursive: true });
  const ctFile = description.ct?.file ?? 'ct.nii.gz';
  copyFileSync(join(of.path, 'structures.nii.gz'), join(path, 'structures.nii.gz'));
  const volume = readFileSync(join(of.path, ctFile));
  const seed = Number.parseInt(sha256(of.id, name).slice(0, 8), 16) / 2 ** 32;
  const random = randomLcg(seed);
  writeFileSync(join(path, ctFile), ct ? editVolume(volume, (hu) => ct(hu, random())) : volume);
  writeFileSync(
    join(path, 'case.json'),
    JSON.stringify({ ...description, id: `${of.id}-${name}` }),
  );
  return true;
}

/** The case as the perturbation makes it, in a folder of its own; undefined when it has nothing to change. */
export async function perturbCase(
  of: EvaluationCase,
  index: number,
  perturbation: Perturbation,
  folder: string,
): Promise<EvaluationCase | undefined> {
  const id = perturbedId(of.id, perturbation);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'half-arc.json'), JSON.stringify(HALF_ARC));
  if (perturbation.planOptions) {
    const planOptions = perturbation.planOptions.map((text) => text.replace('{folder}', folder));
    return { ...of, id, planOptions };
  }
  const path = join(folder, id);
  if (perturbation.phantom) await makePhantom(perturbation.phantom, index + 1, path);
  else if (!writeCase(of, perturbation, path)) return undefined;
  return { id, path, sha256: hashFiles(path) };
}
