import { fileURLToPath } from 'node:url';
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js';
import { loadContract } from '../../src/transport/proto-options.js';

/** What a host can do wrong to an optimizer. The advice itself would tempt: a host that behaved would change the plan. */
export type Misbehaviour =
  | 'late'
  | 'never'
  | 'not-a-number'
  | 'wrong-length'
  | 'wrong-level'
  | 'duplicate'
  | 'stops-reading'
  | 'floods'
  | 'just-in-time'
  | 'unknown-numbers'
  | 'closes-cleanly'
  | 'fails'
  | { readonly diesAtLevel: number };

interface Question {
  readonly start?: { readonly levels: readonly { readonly beamletCount: number }[] };
  readonly geometry?: object;
  readonly levelStart?: {
    readonly level?: number;
    readonly stage?: number;
    readonly beamletCount: number;
  };
  readonly iteration?: {
    readonly level?: number;
    readonly stage?: number;
    readonly iteration?: number;
  };
  readonly finish?: object;
}

const ROLES = [1, 2, 3, 4, 5, 6];
const APPLIED = 1;
const FLOAT64 = 2;
const GRADIENT = 1;
const WEIGHTS = 2;
// Longer than the optimizer's patience for any question in these tests.
const LATE_MS = 600;
// Inside the shortest deadline of these tests, and many times an iteration.
const JUST_IN_TIME_MS = 40;

const header = (role: number) => ({ role, outcome: APPLIED });
const notice = { notice: { kind: 3, text: 'once more' } };

function vector(length: number, value: number, spoilt: Misbehaviour) {
  const sent = new Float64Array(spoilt === 'wrong-length' ? length + 1 : length).fill(value);
  if (spoilt === 'not-a-number') sent[length >> 1] = Number.NaN;
  return { dataType: FLOAT64, shape: [sent.length], data: Buffer.from(sent.buffer) };
}

const accepted = {
  accepted: {
    sessionId: 'misbehaving',
    bindings: ROLES.map((role) => ({ role, plugin: 'misbehaving', pluginVersion: '0' })),
    wanted: [GRADIENT, WEIGHTS].map((kind) => ({ kind, everyN: 1 })),
  },
};

/** The answer to a question: tempting, and spoilt where the misbehaviour is in the answer itself. */
function answerTo(question: Question, beamlets: number, spoilt: Misbehaviour): object | undefined {
  const { levelStart, iteration } = question;
  // A changed level in the echo; the proto's default 0 travels as an absent field.
  const shift = spoilt === 'wrong-level' ? 1 : 0;
  if (question.start !== undefined) return accepted;
  if (question.geometry !== undefined) return { geometry: {} };
  if (levelStart !== undefined) {
    return {
      level: {
        level: (levelStart.level ?? 0) + shift,
        stage: levelStart.stage ?? 0,
        initialization: {
          header: header(1),
          weights: vector(levelStart.beamletCount, 0.05, spoilt),
        },
        adaptiveVariance: {
          header: header(4),
          varianceGy2: vector(levelStart.beamletCount, 1e9, spoilt),
        },
      },
    };
  }
  if (iteration !== undefined) {
    return {
      iteration: {
        level: (iteration.level ?? 0) + shift,
        stage: iteration.stage ?? 0,
        iteration: iteration.iteration ?? 0,
        earlyStopping: {
          header: header(6),
          decision: spoilt === 'unknown-numbers' ? -1 : 1,
          predictedFinalObjective: spoilt === 'not-a-number' ? Number.NaN : 1,
        },
        stepDirection: {
          header: header(5),
          space: spoilt === 'unknown-numbers' ? 77 : 1,
          direction: vector(beamlets, -1e-3, spoilt),
        },
      },
    };
  }
  return question.finish === undefined ? undefined : { summary: {} };
}

/** The first answer to every question says nothing; its double would tempt. */
function withoutAdvice(answer: Record<string, unknown>): object {
  const [kind, value] = Object.entries(answer)[0] as [string, Record<string, unknown>];
  const { level, stage, iteration } = value;
  return kind === 'accepted' ? answer : { [kind]: { level, stage, iteration } };
}

/** A host on a free loopback port that misbehaves in one way from the first question after the start. */
export class MisbehavingHost {
  readonly #server = new Server({ 'grpc.max_receive_message_length': 64 << 20 });
  readonly #how: Misbehaviour;
  address = '';

  constructor(how: Misbehaviour) {
    this.#how = how;
  }

  async start(): Promise<this> {
    const protoDirectory = fileURLToPath(new URL('../../proto', import.meta.url));
    // biome-ignore lint/suspicious/noExplicitAny: the untyped shape of a loaded package.
    const contract = loadPackageDefinition(loadContract(protoDirectory)) as any;
    this.#server.addService(contract.dh.advisor.v1.PlanAdvisor.service, {
      // biome-ignore lint/suspicious/noExplicitAny: an untyped stream of an untyped package.
      Advise: (call: any) => this.#advise(call),
    });
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    this.address = `127.0.0.1:${port}`;
    return this;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  /** As fast as the client takes it, until it goes. */
  // biome-ignore lint/suspicious/noExplicitAny: an untyped stream of an untyped package.
  #flood(call: any): void {
    if (call.cancelled) return;
    while (call.write(notice));
    call.once('drain', () => this.#flood(call));
  }

  // biome-ignore lint/suspicious/noExplicitAny: an untyped stream of an untyped package.
  #advise(call: any): void {
    const how = this.#how;
    let beamlets = 0;
    call.on('error', () => call.end());
    call.on('data', (question: Question) => {
      beamlets = question.levelStart?.beamletCount ?? beamlets;
      const isDoomed = question.levelStart !== undefined || question.iteration !== undefined;
      const answer = answerTo(question, beamlets, how);
      if (answer === undefined) return;
      if (!isDoomed) {
        call.write(answer);
        if (question.finish !== undefined) call.end();
        return;
      }
      if (typeof how === 'object') {
        const level = question.iteration?.level ?? question.levelStart?.level ?? 0;
        if (question.iteration !== undefined && level === how.diesAtLevel) return this.stop();
        call.write(withoutAdvice(answer as Record<string, unknown>));
        return;
      }
      switch (how) {
        case 'late':
          setTimeout(() => call.write(answer), LATE_MS);
          return;
        case 'never':
          return;
        case 'just-in-time':
          setTimeout(
            () => call.write(withoutAdvice(answer as Record<string, unknown>)),
            JUST_IN_TIME_MS,
          );
          return;
        case 'floods':
          this.#flood(call);
          return;
        case 'stops-reading':
          call.pause();
          return;
        case 'closes-cleanly':
          call.end();
          return;
        case 'fails':
          call.emit('error', { code: 13, details: 'broken on purpose' });
          return;
        case 'duplicate':
          call.write(withoutAdvice(answer as Record<string, unknown>));
          call.write(answer);
          return;
        default:
          call.write(answer);
      }
    });
    call.on('end', () => call.end());
  }
}
