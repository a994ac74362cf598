import { describeThrown } from '../../../domain/errors/host-error.js';
import {
  type FaultKind,
  type StatementRequest,
  type StatementResult,
  StorageFault,
} from './statements.js';

/** What the thread of the database is made with. */
export interface WorkerSetup {
  readonly path: string;
  readonly limitMs: number;
  /** A thread before this one had the file open. */
  readonly mustExist: boolean;
}

export type ToWorker =
  | {
      readonly id: number;
      readonly request: StatementRequest;
      /** On `processNowMs`. */
      readonly untilMs: number;
    }
  | 'close';

export interface FromWorker {
  readonly id: number;
  readonly result?: StatementResult;
  readonly fault?: { readonly kind: FaultKind; readonly message: string };
}

/** Errors lose their class on the way between threads. */
export const packFault = (thrown: unknown): NonNullable<FromWorker['fault']> =>
  thrown instanceof StorageFault
    ? { kind: thrown.kind, message: thrown.message }
    : { kind: 'statement', message: describeThrown(thrown) };
