import type {
  Advices,
  CloseReason,
  Notice,
  PlanEvent,
  Reply,
  RoleReceipt,
} from '../../domain/session/advisor.js';
import type { DecisionJournal } from '../../domain/session/decision-journal.js';
import { DecisionRuns } from './decision-runs.js';
import { JournalChain } from './journal-chain.js';
import { finishEntry, type JournalEntry } from './journal-entries.js';
import type { JournalTail } from './journal-writer.js';

/** A plan with more decisions than that is told of by how many are missing. */
const MAX_BYTES = 4 * 2 ** 20;
/** Of a line beside its entry, and of a line before it that tells what is missing. */
const BESIDE_BYTES = 512;

export interface SessionJournalOptions {
  readonly opening: JournalEntry;
  /** Hash that the opening follows, of a session that began in another file. */
  readonly follows?: string | undefined;
  readonly tail: JournalTail;
  /** Since the opening. */
  readonly nowMs: () => number;
  /** Told of each entry that finds no room. */
  readonly onMissing: () => void;
  readonly onClosed: () => void;
}

/** The journal of one plan. Entries that find no room are counted, and the count is an entry as soon as there is room. */
export class SessionJournal implements DecisionJournal {
  readonly #options: SessionJournalOptions;
  readonly #chain: JournalChain;
  readonly #runs: DecisionRuns;
  #bytes = 0;
  #missing = 0;
  #objective: number | undefined;
  #finishSha256 = '';
  #isStopTold = false;
  #resumeSha256 = '';

  constructor(options: SessionJournalOptions) {
    this.#options = options;
    this.#chain = new JournalChain(options.follows);
    this.#runs = new DecisionRuns(
      (entry) => this.#add(entry),
      () => this.#nowMs(),
    );
    this.#add(options.opening);
  }

  head(): string {
    return this.#options.tail.isFailing ? '' : this.#finishSha256;
  }

  event(event: PlanEvent): void {
    if (event.kind === 'iteration' || event.kind === 'level-end') this.#objective = event.objective;
    else if (event.kind === 'finish') {
      this.#addEnd(finishEntry(event, this.#objective, this.#nowMs()));
      if (this.#missing === 0) this.#finishSha256 = this.#chain.head;
    }
  }

  answered(reply: Reply): void {
    if (reply.kind === 'summary') return;
    if (!this.#isStopTold && isStopped(reply.advices)) {
      this.#isStopTold = true;
      this.#addAfterRuns({ kind: 'advice-stopped', ms: this.#nowMs() });
    }
    this.#runs.advice(reply);
  }

  receipt(receipt: RoleReceipt): void {
    this.#runs.verdict(receipt);
  }

  notice({ kind, role }: Notice): void {
    const ms = this.#nowMs();
    if (kind === 'role-off' && role !== undefined) this.#addAfterRuns({ kind, ms, role });
    else if (kind === 'draining') this.#addAfterRuns({ kind, ms });
  }

  mayResume(resumeSha256: string): void {
    this.#resumeSha256 = resumeSha256;
  }

  broken(): void {
    this.#addAfterRuns({ kind: 'broken', ms: this.#nowMs() });
  }

  resumed(): void {
    const resume_sha256 = this.#resumeSha256;
    this.#addAfterRuns({ kind: 'resumed', ms: this.#nowMs(), resume_sha256 });
  }

  close(reason: CloseReason): void {
    this.#options.tail.end();
    this.#addEnd({ kind: 'close', ms: this.#nowMs(), reason });
    this.#options.onClosed();
  }

  #nowMs(): number {
    return Math.round(this.#options.nowMs());
  }

  #addAfterRuns(entry: JournalEntry): void {
    this.#runs.end();
    this.#add(entry);
  }

  /** However long the journal is: how a plan ended is always told. */
  #addEnd(entry: JournalEntry): void {
    this.#runs.end();
    this.#add(entry, Number.POSITIVE_INFINITY);
  }

  /** What was chained is written or the journal ends there; so what finds no room is never chained. */
  #add(entry: JournalEntry, maxBytes = MAX_BYTES): void {
    const { tail, onMissing } = this.#options;
    const text = JSON.stringify(entry);
    const bytes = text.length + BESIDE_BYTES;
    if (this.#bytes + bytes > maxBytes || !tail.hasRoom(bytes)) {
      this.#missing += 1;
      onMissing();
      return;
    }
    if (this.#missing > 0) {
      const missing: JournalEntry = { kind: 'missing', ms: this.#nowMs(), entries: this.#missing };
      this.#missing = 0;
      this.#queue(JSON.stringify(missing));
    }
    this.#queue(text);
  }

  #queue(text: string): void {
    const line = Buffer.from(this.#chain.add(text));
    this.#bytes += line.byteLength;
    this.#options.tail.add(line);
  }
}

function isStopped(advices: Advices): boolean {
  return Object.values(advices).some((advice) => advice?.reason === 'stopped-by-operator');
}
