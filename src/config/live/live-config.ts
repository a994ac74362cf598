import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { ConfigSource, HostConfig } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import type { ActivationFault, ConfigActivator } from '../../domain/operations/activation.js';
import type { ControlMetrics } from '../../domain/operations/metrics.js';
import type {
  ChangeReport,
  ChangeRequest,
  ConfigControl,
  GenerationRecord,
  RefusedChange,
  SettingDifference,
} from '../../domain/operations/operations.js';
import { diffConfig } from '../diff-config.js';
import { describeChange } from '../edit/describe-change.js';
import { proposeText } from '../edit/propose-text.js';
import { parseConfig } from '../read-config.js';
import { ArmRetry, armFaults } from './arm-retry.js';
import { type Candidate, CandidateConfig } from './candidate-config.js';
import { type ConfigRead, ConfigWatch } from './config-watch.js';
import type { ActiveConfig, LiveConfigOptions } from './live-parts.js';

/** What changes need of a running host. */
export interface LiveParts {
  readonly activator: ConfigActivator;
  readonly metrics: ControlMetrics;
  readonly log: Log;
}

/**
 * The configuration of a running host: its file is watched, operators change it, and whichever way it comes it is validated,
 * loaded and warmed up before plans get it. What is faulty is reported and changes nothing.
 */
export class LiveConfig implements ConfigSource, ConfigControl {
  readonly #options: LiveConfigOptions;
  readonly #watch: ConfigWatch;
  readonly #listeners: (() => void)[] = [];
  readonly #armRetry: ArmRetry;
  #active: ActiveConfig;
  #parts: LiveParts | undefined;
  /** Whether the file says something else than what is in force. */
  #isDrifted = false;
  /** Arms of what is in force that cannot be served. */
  #faultyArms = 0;
  /** One change at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: LiveConfigOptions) {
    this.#options = options;
    const { file, files, clock, loaded, text, override } = options;
    this.#active = { loaded, text, config: override(loaded.config) };
    const onSettled = (read: ConfigRead) => void this.#enqueue(() => this.#takeEdit(read));
    this.#armRetry = new ArmRetry(clock, () => this.#enqueue(() => this.#tryArms()));
    this.#watch = new ConfigWatch({ file, files, clock, onSettled }, text.sha256);
  }

  current(): HostConfig {
    return this.#active.config;
  }

  /**
   * From now on edits and changes take effect.
   *
   * @param faults Of what is in force; arms are tried again.
   */
  start(parts: LiveParts, faults: readonly ActivationFault[] = []): void {
    this.#parts = parts;
    this.#watch.start();
    this.#faultyArms = armFaults(faults).length;
    if (this.#faultyArms > 0) this.#armRetry.start();
  }

  /** Waits for a change that is being made. */
  async stop(): Promise<void> {
    this.#watch.stop();
    this.#armRetry.stop();
    await this.#queue;
  }

  change(request: ChangeRequest): Promise<ChangeReport> {
    return this.#enqueue(() => this.#change(request));
  }

  generations(): readonly GenerationRecord[] {
    return this.#options.history.records;
  }

  refusals(): readonly RefusedChange[] {
    return this.#options.history.refusals;
  }

  textOf(generation: number): string | undefined {
    const { loaded, text } = this.#active;
    if (generation === loaded.config.generation) return text.text;
    return this.#options.history.textOf(generation);
  }

  differences(from: number, to: number): readonly SettingDifference[] {
    const [before, after] = [from, to].map((generation) => {
      const text = this.textOf(generation);
      if (text !== undefined) return parseConfig(text, `generation ${generation}`).raw;
      const known = this.generations().map((record) => record.generation);
      throw new HostError('generation-unknown', { generation, known: known.join(', ') });
    });
    return before === undefined || after === undefined ? [] : diffConfig(before, after);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(job);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #change(request: ChangeRequest): Promise<ChangeReport> {
    const { change, origin, isDryRun } = request;
    const what = describeChange(change);
    try {
      const proposal = await proposeText(request, this.#active, this.#options);
      const isFromFile = change.kind === 'reload';
      const expected = change.kind === 'use' ? change : undefined;
      return await this.#tryCandidate({
        ...proposal,
        what,
        origin,
        isDryRun,
        isFromFile,
        expected,
      });
    } catch (thrown) {
      if (!isDryRun) await this.#refused(thrown, what, origin);
      throw thrown;
    }
  }

  async #takeEdit(read: ConfigRead): Promise<void> {
    const { file, files } = this.#options;
    const { log } = this.#running;
    const origin = { who: 'unknown', why: 'the file was edited', via: 'file' } as const;
    const what = 'edit of the file';
    try {
      if ('missing' in read) {
        this.#isDrifted = true;
        const { generation } = this.#active.config;
        const problem = describeThrown(read.missing);
        throw new HostError('config-missing', { file, problem, generation });
      }
      // The file may have changed, or gone, while this read waited for its turn; the next read tells of that.
      const onDisk = await files.read(file).catch(() => undefined);
      if (onDisk?.sha256 !== read.sha256) return;
      if (read.sha256 === this.#active.text.sha256) {
        if (this.#isDrifted)
          log.info('the configuration file says what is in force again', { file });
        this.#isDrifted = false;
        return;
      }
      this.#isDrifted = true;
      const isDryRun = false;
      await this.#tryCandidate({ text: read.text, what, origin, isDryRun, isFromFile: true });
    } catch (thrown) {
      await this.#refused(thrown, what, origin);
    }
  }

  get #running(): LiveParts {
    if (this.#parts === undefined) throw new HostError('internal', { incident: 'not-started' });
    return this.#parts;
  }

  async #tryCandidate(candidate: Candidate): Promise<ChangeReport> {
    const { metrics, log } = this.#running;
    const candidateConfig = new CandidateConfig(candidate, this.#active, this.#options);
    const { report, prepared, next } = await candidateConfig.prepare(this.#running.activator);
    if (!report.isApplied || next === undefined || prepared === undefined) {
      await prepared?.discard();
      if (!candidate.isDryRun) metrics.configReload('unchanged');
      return report;
    }
    try {
      await candidateConfig.keep(report, log);
    } catch (thrown) {
      await prepared.discard();
      throw thrown;
    }
    this.#active = next;
    this.#isDrifted = false;
    prepared.commit();
    for (const notice of next.loaded.notices) log.warn('configuration', { notice });
    metrics.configReload('applied');
    const { who, why, via } = candidate.origin;
    const { generation, differences, needsRestart } = report;
    log.info('configuration applied', {
      generation,
      what: candidate.what,
      who,
      why,
      via,
      needsRestart,
      differences: differences.map(({ path }) => path),
    });
    this.#tell();
    return report;
  }

  /** What is in force once more, in the hope that more of its arms can be served now. Whether all can; never rejects. */
  async #tryArms(): Promise<boolean> {
    const { activator, log } = this.#running;
    try {
      const { config } = this.#active;
      const prepared = await activator.prepare(config);
      const left = armFaults(prepared.faults).length;
      if (left >= this.#faultyArms || prepared.faults.some(({ isOld }) => !isOld)) {
        await prepared.discard();
        return false;
      }
      this.#faultyArms = left;
      prepared.commit();
      log.info('arms that could not be served are served now', {
        generation: config.generation,
        left,
      });
      this.#tell();
      return left === 0;
    } catch (thrown) {
      log.error('arms could not be tried again', { err: thrown });
      return false;
    }
  }

  async #refused(
    thrown: unknown,
    what: string,
    { who, why, via }: ChangeRequest['origin'],
  ): Promise<void> {
    const { metrics, log } = this.#running;
    const code = HostError.is(thrown) ? thrown.code : 'internal';
    const problem = describeThrown(thrown);
    metrics.configReload('refused');
    log.error('configuration refused, the last good one stays', {
      code,
      what,
      who,
      why,
      via,
      reason: problem,
      generation: this.#active.config.generation,
    });
    const atMs = this.#options.wallMs();
    await this.#options.history.refused({ atMs, what, who, why, via, code, problem });
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
