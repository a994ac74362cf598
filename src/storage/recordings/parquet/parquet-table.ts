import { closeSync, fsyncSync, openSync } from 'node:fs';
import type { SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';

/** `int`: a whole number up to 2^53 either way. `floats`: a list of single-precision numbers. */
export type ColumnType = 'int' | 'double' | 'float' | 'string' | 'floats';

/** A column: how to get its value from a row. Undefined becomes null. */
export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  /** For people: meaning and unit. */
  readonly meaning: string;
  readonly value: (row: Row) => number | string | ArrayLike<number> | undefined;
}

/** Numbers that a row group holds, about: bounds the memory while writing. */
const GROUP_VALUES = 1_000_000;

function schemaOf({ name, type }: Column<never>): readonly SchemaElement[] {
  switch (type) {
    case 'int':
      // Counts of the contract are unsigned with 32 bits, which INT32 does not hold.
      return [{ name, type: 'INT64', repetition_type: 'OPTIONAL' }];
    case 'double':
      return [{ name, type: 'DOUBLE', repetition_type: 'OPTIONAL' }];
    case 'float':
      return [{ name, type: 'FLOAT', repetition_type: 'OPTIONAL' }];
    case 'string':
      return [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }];
    case 'floats':
      return [
        {
          name,
          repetition_type: 'OPTIONAL',
          num_children: 1,
          converted_type: 'LIST',
          logical_type: { type: 'LIST' },
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
      ];
  }
}

/** The library takes plain arrays as lists and big integers as INT64. @throws for a number that is not whole in an `int` column. */
function cell(type: ColumnType, value: ReturnType<Column<never>['value']>): unknown {
  if (typeof value === 'object' && value !== null) return Array.from(value);
  if (type === 'int' && typeof value === 'number') return BigInt(value);
  return value ?? null;
}

/** What is removed after a file is written must not go while it is being written. */
function checkDone(result: unknown): void {
  if (result !== undefined)
    throw new Error('hyparquet-writer does not write synchronously any more');
}

/** Rows in groups of a bounded size; vectors grow from level to level. */
function* groupsOf<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Generator<readonly Row[]> {
  const lists = columns.filter(({ type }) => type === 'floats');
  let group: Row[] = [];
  let values = 0;
  for (const row of rows) {
    group.push(row);
    values += columns.length;
    for (const { value } of lists) values += (value(row) as ArrayLike<number>)?.length ?? 0;
    if (values < GROUP_VALUES) continue;
    yield group;
    group = [];
    values = 0;
  }
  if (group.length > 0) yield group;
}

/** Writes a Parquet file and waits until the disk has it. Synchronous: not for a thread that serves. */
export function writeTable<Row>(
  file: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  metadata: Readonly<Record<string, string>> = {},
): void {
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length },
    ...columns.flatMap((column) => schemaOf(column as Column<never>)),
  ];
  const writer = new ParquetWriter({
    schema,
    writer: fileWriter(file),
    createdBy: 'dh-advisor',
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  for (const group of groupsOf(rows, columns)) {
    const columnData = columns.map(({ name, type, value }) => ({
      name,
      data: group.map((row) => cell(type, value(row))),
      // Numbers of vectors hardly repeat: looking for a dictionary, or for their range, only costs time.
      ...(type === 'floats' ? ({ encoding: 'PLAIN', statistics: false } as const) : {}),
    }));
    checkDone(writer.write({ columnData, rowGroupSize: group.length }));
  }
  checkDone(writer.finish());
  syncPath(file);
}

/** Waits until the disk has a file, or a folder's entries. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
