import type { Clock } from '../../domain/clock.js';
import type { JournalsConfig } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import type { JournalMetrics } from '../../domain/operations/metrics.js';
import type { StorageState } from '../../domain/operations/storage-health.js';
import type {
  DecisionJournal,
  DecisionJournals,
  EarlierRequest,
  EarlierSession,
  JournalRequest,
} from '../../domain/session/decision-journal.js';
import { cleanJournals, journalPath } from './clean-journals.js';
import { readEarlier } from './earlier-session.js';
import { openingEntry } from './journal-entries.js';
import type { JournalFiles } from './journal-files.js';
import { JournalTail, JournalWriter } from './journal-writer.js';
import { SessionJournal } from './session-journal.js';

const CLEAN_EVERY_MS = 3_600_000;
/** A folder that is too full, where nothing may go, is not read again with each plan. */
const CLEAN_AGAIN_MS = 60_000;

export interface JournalServices {
  readonly clock: Pick<Clock, 'nowMs' | 'schedule'>;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly log: Log;
  readonly metrics: JournalMetrics;
  readonly files: JournalFiles;
  /** Name and version of this host. */
  readonly host: string;
}

/** The journals of all plans, in one folder that hosts may share: each file is of one session. */
export class JournalStore implements DecisionJournals {
  readonly #services: JournalServices;
  readonly #writer: JournalWriter;
  /** Paths of plans that are open. */
  readonly #open = new Set<string>();
  #config: JournalsConfig | undefined;
  #isFailing = false;
  /** Of the folder, as far as it is known. */
  #usedBytes = 0;
  #cleanedMs = Number.NEGATIVE_INFINITY;
  #cleaning: Promise<void> | undefined;
  #stopCleaning: (() => void) | undefined;

  constructor(services: JournalServices) {
    this.#services = services;
    const { clock, files, metrics, log } = services;
    this.#writer = new JournalWriter({
      clock,
      files,
      onWritten: (lines, bytes) => {
        metrics.journalEntries('written', lines);
        this.#usedBytes += bytes;
        this.#setFailing(false, undefined);
      },
      onFailed: (thrown) => {
        metrics.journalWriteFailed();
        this.#setFailing(true, thrown);
      },
      onGivenUp: (path, lines) => {
        metrics.journalEntries('missing', lines);
        log.error('the end of a journal is given up', { file: path, entries: lines });
      },
    });
  }

  /** Cleans the folder now and each hour. Never throws. */
  prepare(config: JournalsConfig): void {
    this.#config = config;
    this.#clean();
  }

  /** Of what was written last. */
  get health(): StorageState {
    if (!this.#config?.enabled) return 'off';
    return this.#isFailing ? 'failing' : 'ok';
  }

  open(request: JournalRequest): DecisionJournal | undefined {
    const { config, sessionId } = request;
    this.#config = config;
    if (!config.enabled) return undefined;
    const { clock, wallMs, host, metrics } = this.#services;
    const isTooFull = this.#usedBytes > config.maxTotalBytes;
    if (isTooFull && clock.nowMs() - this.#cleanedMs >= CLEAN_AGAIN_MS) this.#clean();
    const { continues } = request;
    const path = journalPath(config.directory, sessionId, continues?.part);
    const openedMs = clock.nowMs();
    this.#open.add(path);
    return new SessionJournal({
      opening: openingEntry(request, host, wallMs()),
      follows: continues?.head,
      tail: new JournalTail(path, this.#writer),
      nowMs: () => clock.nowMs() - openedMs,
      onMissing: () => metrics.journalEntries('missing', 1),
      onClosed: () => this.#open.delete(path),
    });
  }

  async find({
    config,
    sessionId,
    resumeSha256,
    maxAgeMs,
  }: EarlierRequest): Promise<EarlierSession | undefined> {
    if (!config.enabled) return undefined;
    const found = await readEarlier(config.directory, sessionId);
    const { wallMs, log } = this.#services;
    if (found === undefined || found.resumeSha256 !== resumeSha256) return undefined;
    const ageMs = wallMs() - found.writtenMs;
    if (ageMs <= maxAgeMs) return found.session;
    log.info('a session is too old to be taken over', { session: sessionId, ageMs });
    return undefined;
  }

  async claim({ directory }: JournalsConfig, earlier: EarlierSession): Promise<boolean> {
    const path = journalPath(directory, earlier.sessionId, earlier.part);
    try {
      return await this.#services.files.make(path);
    } catch (err) {
      this.#services.log.warn('a session cannot be taken over', { file: path, err });
      return false;
    }
  }

  async unclaim({ directory }: JournalsConfig, earlier: EarlierSession): Promise<void> {
    const path = journalPath(directory, earlier.sessionId, earlier.part);
    await this.#services.files.remove(path).catch((err: unknown) => {
      this.#services.log.warn('a session stays taken over', { file: path, err });
    });
  }

  /** Writes what waits, once; what the disk refuses then is lost, and the journals end before it. */
  async close(): Promise<void> {
    this.#stopCleaning?.();
    await this.#writer.close();
    await this.#cleaning;
  }

  #setFailing(isFailing: boolean, thrown: unknown): void {
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    const { log } = this.#services;
    const directory = this.#config?.directory;
    if (!isFailing) log.info('journals are written again', { directory });
    else log.error('journals are not written, plans go on', { directory, err: thrown });
  }

  #clean(): void {
    const config = this.#config;
    if (!config?.enabled || this.#cleaning !== undefined) return;
    const { clock, log, wallMs } = this.#services;
    this.#cleanedMs = clock.nowMs();
    this.#stopCleaning?.();
    this.#stopCleaning = clock.schedule(CLEAN_EVERY_MS, () => this.#clean());
    this.#cleaning = cleanJournals(config, {
      wallMs,
      isOpen: (path) => this.#open.has(path),
      onFault: (file, err) => log.warn('a journal cannot be removed', { file, err }),
    })
      .then((leftBytes) => {
        this.#usedBytes = leftBytes;
      })
      .catch((err: unknown) => {
        log.warn('the folder of journals cannot be read', { directory: config.directory, err });
      })
      .finally(() => {
        this.#cleaning = undefined;
      });
  }
}
