// Plans that stream at a steady pace, in a process of their own: their clock is not the host's.
//
// A question is due every period whether or not the one before was answered, and its time counts from when it was due: a
// host that stands still for a moment is seen by every question of that moment, not only by those on their way.
import { fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { credentials } from '@grpc/grpc-js';
import { largePlan, smallPlan } from './paced-plan-kinds.mjs';
import { planAdvisor } from './plan-advisor.mjs';

const STOPPED = 'stopped-by-operator';
const here = fileURLToPath(import.meta.url);

/** Milliseconds since 1970, finer than a millisecond; the same in every process of the machine. */
const wallMs = () => performance.timeOrigin + performance.now();

/**
 * Starts `plans` plans at once against a host, one after the other in each stream, `iterations` long, an iteration every `periodMs`.
 * `kind`: `small`, a beamlet and scalars only, or `large`, 500 beamlets with the features that learned starts take.
 */
export class PacedPlans {
  #child;
  /** Resolves when each stream has opened its first plan. */
  open;

  constructor({ address, plans, periodMs, iterations, kind = 'small' }) {
    this.#child = fork(here);
    this.open = this.#hear('isOpen');
    this.#child.send({ address, plans, periodMs, iterations, kind });
  }

  /** The next message that has this. */
  async #hear(what) {
    for await (const [message] of on(this.#child, 'message')) {
      if (what in message) return message;
    }
    throw new Error('the plans have ended');
  }

  /** Names what is measured from now on; the first name is `warm-up`. */
  phase(phase) {
    this.#child.send({ phase });
  }

  /** Advice has been stopped: what is asked from now on must not be advised. */
  stopped() {
    this.#child.send({ stoppedMs: wallMs() });
  }

  /** By plan when it first heard that advice is stopped, and how much was advised all the same. */
  async heardOfStop() {
    const answer = this.#hear('stop');
    this.#child.send({ askStop: true });
    return (await answer).stop;
  }

  /** Ends when open plans have finished: counts, generations seen, and times in microseconds by phase. */
  async end() {
    const answer = this.#hear('timesUs');
    this.#child.send({ end: true });
    return answer;
  }
}

const told = { phase: 'warm-up', isOver: false };
/** Times in microseconds by phase. */
const timesUs = new Map();
const counts = { plans: 0, inArms: 0, answers: 0, streamErrors: 0, wrongGeneration: 0 };
const generations = new Set();
/** By plan: when it first heard that advice is stopped. */
const stoppedAtMs = new Map();
let appliedAfterStop = 0;
/** Sessions in an experiment whose outcome the host has said to be kept. */
const summedUp = [];

/** One plan from start to finish; resolves when its stream has closed. */
function runPlan(client, index, { plans, periodMs, iterations, kind }) {
  const call = client.advise();
  const { start, geometry, levelStart } = kind === 'large' ? largePlan : smallPlan;
  return new Promise((resolve) => {
    let generation;
    let session = '';
    let isInArm = false;
    let asked = 0;
    let isFinished = false;
    let timer;
    const dueMs = [];
    let firstMs;
    const ask = () => {
      if (told.isOver || asked === iterations) {
        call.write({ finish: { stopReason: 'STOP_REASON_TOLERANCE', iterations: asked } });
        return;
      }
      // Falls for ever, so that nobody advises to stop.
      const objective = 100 / (1 + asked);
      dueMs.push({ at: firstMs + asked * periodMs, phase: told.phase, wall: wallMs() });
      const iteration = { level: 0, stage: 0, iteration: asked, objective };
      call.write({ iteration: { ...iteration, gradientNorm: objective } });
      asked += 1;
      const wait = firstMs + asked * periodMs - performance.now();
      timer = setTimeout(ask, Math.max(0, wait));
    };
    const check = (header) => {
      if (header === undefined || header === null) return;
      const of = header.configurationGeneration ?? 0;
      if (of !== generation) counts.wrongGeneration += 1;
    };
    call.on('data', (event) => {
      if (event.accepted) {
        generation = event.accepted.configurationGeneration;
        session = event.accepted.sessionId;
        isInArm = (event.accepted.bindings ?? []).some(({ arm }) => arm);
        if (isInArm) counts.inArms += 1;
        generations.add(generation);
        counts.plans += 1;
        if (counts.plans === plans) process.send({ isOpen: true });
        call.write({ geometry });
      } else if (event.geometry) {
        call.write({ levelStart });
      } else if (event.level) {
        check(event.level.initialization?.header);
        check(event.level.adaptiveVariance?.header);
        // Plans do not keep step with one another.
        const wait = Math.random() * periodMs;
        firstMs = performance.now() + wait;
        timer = setTimeout(ask, wait);
      } else if (event.iteration) {
        const { at, phase, wall } = dueMs.shift();
        const us = (performance.now() - at) * 1000;
        if (!timesUs.has(phase)) timesUs.set(phase, []);
        timesUs.get(phase).push(us);
        counts.answers += 1;
        const header = event.iteration.earlyStopping?.header;
        check(header);
        if (header?.reason === STOPPED && !stoppedAtMs.has(index)) stoppedAtMs.set(index, wallMs());
        if (header?.outcome === 'OUTCOME_APPLIED' && wall > (told.stoppedMs ?? Infinity)) {
          appliedAfterStop += 1;
        }
      } else if (event.summary) {
        isFinished = true;
        if (isInArm && event.summary.outcomeKept) summedUp.push(session);
      }
    });
    call.on('error', () => undefined);
    call.on('status', ({ code, details }) => {
      clearTimeout(timer);
      if (code !== 0 || !isFinished) {
        counts.streamErrors += 1;
        if (counts.streamErrors === 1) process.stderr.write(`stream error ${code}: ${details}\n`);
        // A host that is gone is not asked again.
        told.isOver = true;
      }
      resolve(code);
    });
    call.write({ start: { ...start, planKey: `paced-${process.pid}-${index}-${counts.plans}` } });
  });
}

async function runStreams(load) {
  const { address, plans } = load;
  const PlanAdvisor = planAdvisor({ enums: String });
  // One connection each, as different optimizers have.
  const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.enable_http_proxy': 0 };
  const clients = Array.from(
    { length: plans },
    () => new PlanAdvisor(address, credentials.createInsecure(), options),
  );
  await Promise.all(
    clients.map(async (client, index) => {
      while (!told.isOver) await runPlan(client, index, load);
    }),
  );
  for (const client of clients) client.close();
  const answer = { counts, generations: generations.size, timesUs: [...timesUs], summedUp };
  process.send(answer, () => process.disconnect());
}

function obey(message) {
  if (message.address) void runStreams(message);
  else if (message.phase) told.phase = message.phase;
  else if (message.stoppedMs) told.stoppedMs = message.stoppedMs;
  else if (message.end) told.isOver = true;
  else if (message.askStop) {
    process.send({ stop: { atMs: [...stoppedAtMs.values()], appliedAfterStop } });
  }
}

if (process.argv[1] === here && process.send !== undefined) {
  process.on('message', obey);
  // Whoever started it is gone.
  process.on('disconnect', () => process.exit());
}
