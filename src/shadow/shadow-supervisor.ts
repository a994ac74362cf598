import type { Clock } from '../domain/clock.js';
import { describeThrown, HostError } from '../domain/errors/host-error.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { ActivationFault } from '../domain/operations/activation.js';
import type { PreparedShadows } from '../domain/shadow/shadow-arms.js';
import { withinTime } from '../domain/within-time.js';
import { type ShadowLimits, ShadowLink, type StartShadowWorker } from './shadow-link.js';
import type {
  FromShadows,
  ReadyShadowArm,
  RefusedShadowArm,
  ShadowArmRef,
} from './shadow-messages.js';

/** A worker that ended is started again after this long: one that always ends must not keep a processor busy. */
const RESTART_MS = 10_000;
/** For starting a worker, beside what plugins may take. */
const START_MS = 30_000;
const CLOSE_MS = 5000;

export interface SupervisorOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly start: StartShadowWorker;
  readonly limits: ShadowLimits;
  readonly onMessage: (message: FromShadows) => void;
  /** The worker is gone, with all it knew. */
  readonly onLost: () => void;
  readonly onFlush: () => void;
  /** Whether no session is followed. */
  readonly isIdle: () => boolean;
}

type Prepared = Extract<FromShadows, { kind: 'prepared' }>;

interface ActiveShadows {
  readonly config: HostConfig;
  /** The worker that has it. */
  readonly link: ShadowLink | undefined;
  readonly preparation: number;
  readonly ready: readonly ReadyShadowArm[];
  readonly refused: readonly RefusedShadowArm[];
}

const running = ({ experiments }: HostConfig) =>
  experiments.filter(({ state, shadowArms }) => state === 'running' && shadowArms.length > 0);

/** The worker that computes shadow arms: there while a configuration has some or a session needs it, and started again when it dies. */
export class ShadowSupervisor {
  readonly #options: SupervisorOptions;
  readonly #waiting = new Map<number, (answer: Prepared | Error) => void>();
  #link: ShadowLink | undefined;
  #active: ActiveShadows | undefined;
  #nextPreparation = 1;
  /** Preparations that are neither in force nor discarded. */
  #open = 0;
  #cancelRestart: (() => void) | undefined;
  #onGone: (() => void) | undefined;
  #isDisposed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get link(): ShadowLink | undefined {
    return this.#link;
  }

  /** Whether the worker falls behind. */
  get isFilling(): boolean {
    return this.#link?.isFilling ?? false;
  }

  get preparation(): number {
    return this.#active?.preparation ?? 0;
  }

  shadowArmsOf(experiment: string): readonly string[] {
    const found = this.#active && running(this.#active.config).find(({ id }) => id === experiment);
    return found?.shadowArms.map(({ id }) => id) ?? [];
  }

  readonly ready = ({ experiment, arm }: ShadowArmRef): ReadyShadowArm | undefined =>
    this.#link !== undefined && this.#active?.link === this.#link
      ? this.#active.ready.find(
          (readyShadowArm) =>
            readyShadowArm.experiment === experiment && readyShadowArm.arm === arm,
        )
      : undefined;

  async prepare(config: HostConfig): Promise<PreparedShadows> {
    const experiments = running(config);
    if (experiments.length === 0) {
      const none = { config, link: undefined, preparation: 0, ready: [], refused: [] };
      return { faults: [], commit: () => this.#commit(none), discard: () => undefined };
    }
    this.#open += 1;
    const next = await this.#ask(config);
    const faults = next.refused.map((refused) => this.#faultOf(refused));
    const end = (kind: 'commit' | 'discard') => {
      this.#open -= 1;
      this.#tell(kind, next.preparation);
    };
    return {
      faults,
      commit: () => {
        end('commit');
        this.#commit(next);
      },
      discard: () => {
        end('discard');
        this.becameIdle();
        // The worker before it may have died meanwhile.
        void this.#restart();
      },
    };
  }

  /** The worker goes with the last session, when no configuration needs it any more. */
  becameIdle(): void {
    const isNeeded =
      this.#open > 0 || (this.#active !== undefined && running(this.#active.config).length > 0);
    if (isNeeded || !this.#options.isIdle()) return;
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined) return;
    link.sendNow({ kind: 'close' });
    this.#options.clock.schedule(CLOSE_MS, () => link.terminate('it did not close'));
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#cancelRestart?.();
    const link = this.#link;
    this.#link = undefined;
    if (link === undefined) return;
    const gone = new Promise<void>((resolve) => {
      this.#onGone = resolve;
    });
    link.sendNow({ kind: 'close' });
    await withinTime(gone, CLOSE_MS, this.#options.clock, 'the worker').catch(() =>
      link.terminate('it did not close'),
    );
  }

  #tell(kind: 'commit' | 'discard', preparation: number): void {
    this.#link?.sendNow({ kind, preparation });
  }

  #commit(next: ActiveShadows): void {
    this.#active = next;
    this.#cancelRestart?.();
    const isThere = next.link !== undefined && next.link === this.#link;
    if (!isThere && running(next.config).length > 0) this.#restartLater();
    for (const { experiment, arm, problem } of next.refused) {
      this.#options.log.error('shadow arm is not computed', { experiment, arm, reason: problem });
    }
    this.becameIdle();
  }

  #faultOf({ experiment, arm, path, problem }: RefusedShadowArm): ActivationFault {
    const error = new HostError('experiment-shadow-arm', { experiment, arm, problem });
    const isOld =
      this.#active?.refused.some(
        (old) => old.experiment === experiment && old.arm === arm && old.problem === problem,
      ) ?? false;
    return { path, error, isOld };
  }

  /** Never rejects: where the worker can't be asked, every arm is refused. */
  async #ask(config: HostConfig): Promise<ActiveShadows> {
    const { clock } = this.#options;
    const preparation = this.#nextPreparation;
    this.#nextPreparation += 1;
    let link: ShadowLink | undefined;
    try {
      // A machine short of processes or memory starts none.
      this.#link ??= this.#start();
      link = this.#link;
      const answer = new Promise<Prepared>((resolve, reject) => {
        this.#waiting.set(preparation, (settled) => {
          if (settled instanceof Error) reject(settled);
          else resolve(settled);
        });
      });
      link.sendNow({ kind: 'prepare', preparation, config });
      const arms = running(config).reduce((sum, { shadowArms }) => sum + shadowArms.length, 0);
      const limitMs = START_MS + arms * config.plugins.loadTimeoutMs;
      const { ready, refused } = await withinTime(answer, limitMs, clock, 'the worker');
      return { config, link, preparation, ready, refused };
    } catch (thrown) {
      // One that does not answer will not compute either.
      link?.terminate('it did not prepare a configuration');
      const refused = allRefused(config, describeThrown(thrown));
      return { config, link, preparation, ready: [], refused };
    } finally {
      this.#waiting.delete(preparation);
    }
  }

  #start(): ShadowLink {
    const { clock, start, limits, onMessage, onFlush } = this.#options;
    const link: ShadowLink = new ShadowLink({
      clock,
      start,
      limits,
      onFlush,
      events: {
        onMessage: (message) => {
          if (message.kind === 'prepared') this.#waiting.get(message.preparation)?.(message);
          else onMessage(message);
        },
        onExit: (problem) => this.#gone(link, problem),
      },
    });
    return link;
  }

  #gone(link: ShadowLink, problem: string): void {
    this.#onGone?.();
    // One that was told to close is nobody's any more.
    if (this.#link !== link) return;
    this.#link = undefined;
    const { log, onLost } = this.#options;
    log.error('the worker of shadow arms has ended', { reason: problem });
    for (const reject of this.#waiting.values()) reject(new Error(`the worker ended: ${problem}`));
    this.#waiting.clear();
    onLost();
    this.#restartLater();
  }

  #restartLater(): void {
    this.#cancelRestart?.();
    if (this.#isDisposed) return;
    const { clock } = this.#options;
    this.#cancelRestart = clock.schedule(RESTART_MS, () => void this.#restart());
  }

  /** The configuration in force, in a new worker. */
  async #restart(): Promise<void> {
    const before = this.#active;
    if (before === undefined || this.#isDisposed || running(before.config).length === 0) return;
    if (this.#link !== undefined && before.link === this.#link) return;
    const next = await this.#ask(before.config);
    // It has died again, and will be started again; or another configuration is in force by now.
    if (this.#link !== next.link || this.#active !== before || this.#isDisposed) return;
    this.#tell('commit', next.preparation);
    this.#commit(next);
  }
}

function allRefused(config: HostConfig, problem: string): readonly RefusedShadowArm[] {
  return config.experiments.flatMap(({ id: experiment, state, shadowArms }, index) =>
    state === 'ended'
      ? []
      : shadowArms.map(({ id: arm }, place) => ({
          experiment,
          arm,
          problem,
          path: ['experiments', index, 'shadow_arms', place],
        })),
  );
}
