import type {
  CloseReason,
  PlanEvent,
  Reply,
  RoleReceipt,
} from '../../../domain/session/advisor.js';
import type { SessionObserver } from '../../../domain/session/session-observer.js';
import { encodeRecord, RECORDING_MAGIC } from './recording-format.js';
import type { RecordingLog } from './recording-log.js';
import {
  answerOf,
  type ClosedHeader,
  type RecordToStore,
  type RetentionPolicy,
  recordOf,
  type StartHeader,
} from './stored-events.js';

/** Writes one session into its log. */
export class FileRecording implements SessionObserver {
  readonly #log: RecordingLog;
  readonly #retention: RetentionPolicy;
  readonly #nowMs: (() => number) | undefined;
  readonly #onClosed: (written: Promise<void>) => void;

  /**
   * `nowMs` tells the time since the opening. `onClosed` gets a promise of the moment when everything is in the file; it never
   * rejects.
   */
  constructor(
    log: RecordingLog,
    start: StartHeader,
    nowMs: () => number,
    onClosed: (written: Promise<void>) => void,
  ) {
    this.#log = log;
    this.#retention = { recorded: start.recorded, exact: start.replay?.wanted };
    this.#nowMs = start.replay === undefined ? undefined : nowMs;
    this.#onClosed = onClosed;
    log.append(
      Buffer.concat([RECORDING_MAGIC, encodeRecord({ kind: 'start', header: start, vectors: [] })]),
    );
  }

  event(event: PlanEvent): void {
    this.#store(() => recordOf(event, this.#retention));
  }

  answered(reply: Reply): void {
    this.#store(() => answerOf(reply, this.#retention.exact !== undefined));
  }

  receipt({ kind, ...header }: RoleReceipt): void {
    this.#store(() => ({ kind, header, vectors: [] }));
  }

  broken(): void {
    // What follows tells: a resume, or the end.
  }

  resumed(): void {
    this.#store(() => ({ kind: 'resumed', header: {}, vectors: [] }));
  }

  close(outcome: CloseReason): void {
    this.#onClosed(
      this.#log.close((stopCause) => {
        const header: ClosedHeader = { outcome, stopCause };
        return encodeRecord({ kind: 'closed', header, vectors: [] });
      }),
    );
  }

  #store(make: () => RecordToStore | undefined): void {
    if (this.#log.stopCause !== undefined) return;
    try {
      const record = make();
      if (record === undefined) return;
      const atMs = this.#nowMs?.();
      this.#log.append(encodeRecord(atMs === undefined ? record : { ...record, atMs }));
    } catch (thrown) {
      // Whatever it is, the plan must not pay for it.
      this.#log.stop('fault', thrown);
    }
  }
}
