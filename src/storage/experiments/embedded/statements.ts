/** One SQL statement for the embedded database. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  /** Takes the write lock before it begins, and its change is committed when it resolves. */
  readonly isWrite: boolean;
}

export interface StatementResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly changes: number;
  readonly lastRowId: number;
}

/** What can be asked of the embedded database. `transaction`: a number of the caller's choice. */
export type StatementRequest =
  | {
      readonly kind: 'run';
      readonly statement: Statement;
      /** Undefined: a transaction of its own. */
      readonly transaction: number | undefined;
    }
  /** Takes the write lock; what does not name this transaction waits for its end. */
  | { readonly kind: 'begin'; readonly transaction: number }
  | { readonly kind: 'commit' | 'rollback'; readonly transaction: number };

/**
 * Runs statements on one file, one after the other. Whatever fails is rolled back, and the connection is opened anew: a failed
 * statement can hold the lock of a SQLite connection and take later writes along.
 */
export interface StatementRunner {
  /** A write is on the disk when it resolves. @throws StorageFault */
  ask(request: StatementRequest): Promise<StatementResult>;
  /** Waits for what runs; what comes later is rejected. */
  close(): Promise<void>;
}

export const NO_RESULT: StatementResult = { rows: [], changes: 0, lastRowId: 0 };

/** What is wrong with the file. `silent`: its thread does not answer. */
export type FaultKind =
  | 'busy'
  | 'late'
  | 'full'
  | 'read-only'
  | 'damaged'
  | 'missing'
  | 'replaced'
  | 'disk'
  | 'silent'
  | 'closed'
  | 'statement';

/** A statement that was not carried out. Says what, where and what to do. */
export class StorageFault extends Error {
  override readonly name = 'StorageFault';
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
