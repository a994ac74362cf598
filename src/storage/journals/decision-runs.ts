import type { Advice } from '../../domain/advice/advice.js';
import { cutText } from '../../domain/cut-text.js';
import type { Reply, RoleReceipt } from '../../domain/session/advisor.js';
import { type AdviceContent, contentOf, FiguresHash } from './advice-content.js';
import type { DecisionEntry } from './journal-entries.js';

/** Longer runs go on in another entry, so that a host that is killed takes no more of them along. */
const LONGEST_RUN = 256;

type Place = Pick<DecisionEntry, 'level' | 'stage'> & { readonly iteration?: number | undefined };

/** What is equal in all of a run. */
type Decision = Omit<
  DecisionEntry,
  'ms' | 'first' | 'last' | 'count' | 'longest_us' | 'figures_sha256'
>;

interface Run {
  readonly decision: Decision;
  readonly first: number | undefined;
  last: number | undefined;
  count: number;
  longestUs: number | undefined;
  readonly figures: FiguresHash;
}

/** Of one decision, into its run. */
interface Figures extends Pick<AdviceContent, 'figures'> {
  readonly latencyUs: number | undefined;
}

const NO_FIGURES: Figures = { figures: [], latencyUs: undefined };

const COMPARED = [
  'level',
  'stage',
  'outcome',
  'reason',
  'verdict',
  'detail',
  'generation',
] as const satisfies readonly (keyof Decision)[];

/** Of one kind and role. Runs at every iteration, so that nothing is written as text to be compared. */
function isSame(a: Decision, b: Decision): boolean {
  if (COMPARED.some((key) => a[key] !== b[key])) return false;
  const { said = {} } = a;
  const { said: other = {} } = b;
  const keys = Object.keys(said);
  return keys.length === Object.keys(other).length && keys.every((key) => said[key] === other[key]);
}

type AdviceReply = Exclude<Reply, { readonly kind: 'summary' }>;

function placeOf(reply: AdviceReply): Place {
  if (reply.kind === 'geometry') return {};
  const { level, stage } = reply;
  return { level, stage, iteration: reply.kind === 'iteration' ? reply.iteration : undefined };
}

/** Makes one entry of equal decisions about iterations that follow one another. */
export class DecisionRuns {
  readonly #write: (entry: DecisionEntry) => void;
  readonly #nowMs: () => number;
  readonly #runs = new Map<string, Run>();

  constructor(write: (entry: DecisionEntry) => void, nowMs: () => number) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  advice(reply: AdviceReply): void {
    const place = placeOf(reply);
    // What is about a stage comes after all of the stage before.
    if (reply.kind !== 'iteration') this.end();
    for (const advice of Object.values(reply.advices)) {
      if (advice !== undefined) this.#advice(advice, place);
    }
  }

  verdict({ role, verdict, level, iteration }: RoleReceipt): void {
    const decision: Decision = { kind: 'verdict', role, level, verdict: cutText(verdict) };
    this.#add(decision, iteration, NO_FIGURES);
  }

  /** Writes what runs: something comes next that is to stand after it. */
  end(): void {
    for (const run of this.#runs.values()) this.#close(run);
    this.#runs.clear();
  }

  #advice(advice: Advice, { level, stage, iteration }: Place): void {
    const { role, outcome, reason, detail, generation, latencyUs } = advice;
    const { said, figures } = contentOf(advice);
    const decision: Decision = {
      kind: 'advice',
      role,
      level,
      stage,
      outcome,
      reason,
      detail: detail === undefined ? undefined : cutText(detail),
      generation,
      said,
    };
    this.#add(decision, iteration, { figures, latencyUs });
  }

  #add(decision: Decision, iteration: number | undefined, figures: Figures): void {
    const slot = `${decision.kind} ${decision.role}`;
    const run = this.#runFor(slot, decision, iteration);
    run.figures.add(figures.figures);
    if (figures.latencyUs !== undefined) {
      run.longestUs = Math.max(run.longestUs ?? 0, figures.latencyUs);
    }
    if (iteration !== undefined) return;
    // About no iteration: it stands alone.
    this.#close(run);
    this.#runs.delete(slot);
  }

  #runFor(slot: string, decision: Decision, iteration: number | undefined): Run {
    const running = this.#runs.get(slot);
    const goesOn =
      running !== undefined &&
      iteration !== undefined &&
      running.count < LONGEST_RUN &&
      isSame(running.decision, decision);
    if (goesOn) {
      running.last = iteration;
      running.count += 1;
      return running;
    }
    if (running !== undefined) this.#close(running);
    const run: Run = {
      decision,
      first: iteration,
      last: iteration,
      count: 1,
      longestUs: undefined,
      figures: new FiguresHash(),
    };
    // Again at the end of the map, so that runs are written in the order in which they began.
    this.#runs.delete(slot);
    this.#runs.set(slot, run);
    return run;
  }

  #close({ decision, first, last, count, longestUs, figures }: Run): void {
    const ms = this.#nowMs();
    const figures_sha256 = figures.digest();
    this.#write({ ...decision, ms, first, last, count, longest_us: longestUs, figures_sha256 });
  }
}
