// The objective's value+gradient call beside the memory-bandwidth limit, coplanar and --full, in one run.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { plainTable, writeResult } from '../lib/report.js';

/** What the C++ benchmark prints. */
interface Row {
  readonly geometry: string;
  readonly beamlets: number;
  readonly voxels: number;
  readonly values: number;
  readonly valueGradientMs: number;
  readonly valueMs: number;
  readonly limitMs: number;
  readonly ratioToLimit: number;
  readonly bandwidthGbPerS: number;
  readonly checksum: number;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'out/bench' },
    build: { type: 'string', default: 'build/cpp' },
    threads: { type: 'string', default: '2' },
  },
});

async function makePhantom(): Promise<string> {
  const path = join(options.out, 'phantom');
  mkdirSync(options.out, { recursive: true });
  const args = ['phantom', '--kind=head-neck', '--seed=1', path];
  await execa(join(options.build, 'rtmodel/rtmodel'), args);
  return path;
}

const casePath = positionals[0] ?? (await makePhantom());
const rows: Omit<Row, 'checksum'>[] = [];
for (const geometry of [[], ['--full', '--repeats=20']]) {
  const args = [casePath, `--threads=${options.threads}`, ...geometry];
  const { stdout } = await execa(join(options.build, 'bench/objective_bench'), args);
  const { checksum: _, ...row }: Row = JSON.parse(stdout);
  rows.push(row);
}

const table = plainTable({
  head: [
    'geometry',
    'n',
    'voxels',
    'values',
    'value+gradient ms',
    'value ms',
    'limit ms',
    'times limit',
  ],
});
for (const row of rows) {
  table.push([
    row.geometry,
    row.beamlets,
    row.voxels,
    row.values,
    row.valueGradientMs.toFixed(3),
    row.valueMs.toFixed(3),
    row.limitMs.toFixed(3),
    row.ratioToLimit.toFixed(2),
  ]);
}
const file = writeResult(options.out, 'objective', { rows });
process.stdout.write(
  `${table}\nlimit: the matrix's values read twice at ${rows.map((row) => row.bandwidthGbPerS.toFixed(1)).join(' and ')} GB/s, ` +
    `measured on as many bytes with ${options.threads} threads; ${file}\n`,
);
