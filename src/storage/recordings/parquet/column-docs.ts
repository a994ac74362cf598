import { BEAMLETS_FILE, ITERATIONS_FILE, STAGES_FILE } from '../trajectory-paths.js';
import type { Column, ColumnType } from './parquet-table.js';
import { BEAMLET_COLUMNS, ITERATION_COLUMNS, STAGE_COLUMNS } from './trajectory-columns.js';

const typeWords: Readonly<Record<ColumnType, string>> = {
  int: 'int64',
  double: 'double',
  float: 'float',
  string: 'string',
  floats: 'list of float',
};

function tableOf(
  file: string,
  row: string,
  columns: readonly Pick<Column<never>, 'name' | 'type' | 'meaning'>[],
): readonly string[] {
  return [
    `## ${file}`,
    '',
    row,
    '',
    '| column | type | meaning |',
    '|---|---|---|',
    ...columns.map(
      ({ name, type, meaning }) => `| \`${name}\` | ${typeWords[type]} | ${meaning} |`,
    ),
    '',
  ];
}

/** Every column of a trajectory's tables as Markdown: the text of docs/trajectory-columns.md. */
export function columnDocs(): string {
  return [
    '# Columns of a trajectory',
    '',
    'Generated from `src/storage/recordings/parquet/trajectory-columns.ts` by `npm run gen:docs`; [trajectories](trajectories.md) explains them.',
    'Any value may be null: what was not recorded, not sent or did not happen. Vectors are in single precision, in the order',
    'beam, row, column (column fastest).',
    '',
    ...tableOf(ITERATIONS_FILE, 'One row an iteration, in order.', ITERATION_COLUMNS),
    ...tableOf(STAGES_FILE, 'One row a stage, in order.', STAGE_COLUMNS),
    ...tableOf(BEAMLETS_FILE, 'One row a beamlet of level 0, in order.', BEAMLET_COLUMNS),
  ].join('\n');
}
