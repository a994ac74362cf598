import { rmSync, statSync } from 'node:fs';
import type { Clock } from '../../domain/clock.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type { RecordingMetrics } from '../../domain/operations/metrics.js';
import type { StorageState } from '../../domain/operations/storage-health.js';
import { type RecordingConfig, recordingWants } from '../../domain/session/recording.js';
import type {
  RecordingRequest,
  SessionObserver,
  TrajectoryRecorder,
} from '../../domain/session/session-observer.js';
import { pseudonym, sealSeed } from '../pseudonyms.js';
import type { Convert } from './convert-recording.js';
import { FileRecording } from './journal/file-recording.js';
import { type AppendFiles, RecordingLog } from './journal/recording-log.js';
import type { StartHeader } from './journal/stored-events.js';
import { RecordingDirectory } from './recording-directory.js';
import type { SessionPaths } from './trajectory-paths.js';

export interface StoreServices {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
  readonly metrics: RecordingMetrics;
  readonly files: AppendFiles;
  readonly convert: Convert;
  /** For the secret of the pseudonyms. */
  readonly environment: NodeJS.ProcessEnv;
}

/** A directory that could not be used is tried again with a plan that opens so much later. */
const RETRY_MS = 10_000;

interface Directory {
  /** Undefined: it can't be used. */
  readonly usable: RecordingDirectory | undefined;
  readonly problem: string;
  readonly triedMs: number;
}

/** Records sessions into files, and makes trajectories of them when they end or when a crashed host comes back. */
export class TrajectoryStore implements TrajectoryRecorder {
  readonly #services: StoreServices;
  readonly #directories = new Map<string, Directory>();
  /** The one that was asked for last. */
  #last: Directory | undefined;
  /** Whether the last recording ended too early for want of disk, or could not be kept. */
  #hasFailed = false;
  /** Sessions whose conversion the disk refused, with their directory. */
  readonly #unconverted = new Map<string, RecordingDirectory>();
  /** Conversions, one after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(services: StoreServices) {
    this.#services = services;
  }

  /** Makes the directory ready and recovers what a crashed host left there, in the background. Never throws. */
  prepare(config: RecordingConfig): void {
    const { clock, log, environment } = this.#services;
    const before = this.#directories.get(config.directory);
    const triedMs = clock.nowMs();
    const isTooSoon = before !== undefined && triedMs - before.triedMs < RETRY_MS;
    this.#last = config.enabled ? before : undefined;
    if (!config.enabled || before?.usable !== undefined || isTooSoon) return;
    try {
      const usable = new RecordingDirectory(config.directory, environment);
      this.#put(config, { usable, problem: '', triedMs });
      for (const sessionId of usable.leftovers) this.#recover(usable, sessionId);
    } catch (thrown) {
      const problem = describeThrown(thrown);
      this.#put(config, { usable: undefined, problem, triedMs });
      if (problem === before?.problem) return;
      log.error('nothing is recorded: the directory is not usable', { err: thrown });
    }
  }

  #put({ directory }: RecordingConfig, tried: Directory): void {
    this.#directories.set(directory, tried);
    this.#last = tried;
  }

  /** Of the directory that was asked for last. */
  get health(): StorageState {
    if (this.#last === undefined) return 'off';
    return this.#last.usable === undefined || this.#hasFailed ? 'failing' : 'ok';
  }

  open(request: RecordingRequest): SessionObserver | undefined {
    const { config, opening } = request;
    const { metrics, log } = this.#services;
    this.prepare(config);
    if (!config.enabled || !opening.mayRecord) return undefined;
    const directory = this.#directories.get(config.directory)?.usable;
    if (!directory?.hasRoom(config.maxTotalBytes)) {
      metrics.recording('refused');
      this.#hasFailed = true;
      if (directory) log.warn('session not recorded: recording.max_total_bytes are used up');
      return undefined;
    }
    metrics.recording('opened');
    return this.#record(request, directory);
  }

  /** Waits until every ended session is a trajectory, then releases the directories. */
  async close(): Promise<void> {
    for (let done: unknown; done !== this.#work; ) {
      done = this.#work;
      await this.#work;
    }
    for (const { usable } of this.#directories.values()) usable?.release();
    this.#directories.clear();
  }

  #record(request: RecordingRequest, directory: RecordingDirectory): SessionObserver {
    const { sessionId, config } = request;
    const log = new RecordingLog({
      path: directory.paths(sessionId).recording,
      files: this.#services.files,
      quota: directory.quota(config.maxTotalBytes),
      maxSessionBytes: config.maxSessionBytes,
      maxBufferBytes: config.maxBufferBytes,
      onStop: (cause, error) =>
        this.#services.log.warn('recording stopped, the plan goes on', {
          session: sessionId,
          cause,
          ...(error === undefined ? {} : { err: error }),
        }),
    });
    const { clock } = this.#services;
    const openedMs = clock.nowMs();
    const nowMs = () => clock.nowMs() - openedMs;
    return new FileRecording(log, startHeader(request, directory.secret), nowMs, (written) => {
      this.#enqueue(directory, sessionId, async () => {
        await written;
        await this.#keep(directory, sessionId, log);
      });
    });
  }

  async #keep(
    directory: RecordingDirectory,
    sessionId: string,
    written: RecordingLog,
  ): Promise<void> {
    const { metrics, convert } = this.#services;
    const paths = directory.paths(sessionId);
    const { stopCause } = written;
    this.#hasFailed = stopCause === 'disk-error' || stopCause === 'directory-full';
    if (written.writtenBytes === 0) {
      rmSync(paths.recording, { force: true });
      directory.converted(sessionId, written.takenBytes);
      metrics.recording('failed');
      return;
    }
    const conversion = await convert(paths);
    if (conversion === 'damaged') return this.#damaged(paths);
    directory.converted(sessionId, written.takenBytes);
    metrics.recording(conversion === 'complete' ? 'kept' : 'kept-incomplete');
    this.#tryAgain();
  }

  /** The disk takes trajectories again: those that it refused before, too. */
  #tryAgain(): void {
    const waiting = [...this.#unconverted];
    this.#unconverted.clear();
    for (const [sessionId, directory] of waiting) this.#recover(directory, sessionId);
  }

  #damaged({ damaged, reason }: SessionPaths): void {
    this.#services.log.warn('a recording is set aside: no trajectory can be made of it', {
      file: damaged,
      reason,
    });
    this.#services.metrics.recording('damaged');
  }

  #recover(directory: RecordingDirectory, sessionId: string): void {
    this.#enqueue(directory, sessionId, async () => {
      const { log, metrics, convert } = this.#services;
      const paths = directory.paths(sessionId);
      const { size } = statSync(paths.recording);
      const conversion = await convert(paths);
      if (conversion === 'damaged') return this.#damaged(paths);
      directory.converted(sessionId, size);
      metrics.recording('recovered');
      log.info('recording recovered', { session: sessionId });
    });
  }

  #enqueue(directory: RecordingDirectory, sessionId: string, job: () => Promise<void>): void {
    const { log, metrics } = this.#services;
    this.#work = this.#work.then(job).catch((thrown: unknown) => {
      metrics.recording('failed');
      this.#hasFailed = true;
      this.#unconverted.set(sessionId, directory);
      const file = directory.paths(sessionId).recording;
      log.error('a recording stays as it is until a later one is kept, or the next start', {
        file,
        err: thrown,
      });
    });
  }
}

function startHeader(request: RecordingRequest, secret: string): StartHeader {
  const { sessionId, opening, generation, bindings, config, basis, seed } = request;
  const { plan, planKey, patientKey, client, adviceMode } = opening;
  return {
    format: 2,
    sessionId,
    client,
    adviceMode,
    generation,
    bindings,
    plan,
    patientId: pseudonym(secret, 'patient', patientKey),
    planId: pseudonym(secret, 'plan', planKey),
    recorded: recordingWants(config).filter(({ kind }) => plan.offers.includes(kind)),
    replay: config.keepJournal
      ? { ...basis, sealedSeed: sealSeed(secret, sessionId, seed) }
      : undefined,
  };
}
