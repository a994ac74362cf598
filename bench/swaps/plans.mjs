// Plans that stream at a steady pace, in a process of their own: their clock is not the host's. Told over IPC what to do:
// {address, plans, periodMs, iterations}, then {phase: NAME} any number of times, then {end: true}.
//
// A question is due every period whether or not the one before was answered, and its time counts from when it was due: a
// host that stands still for a moment is seen by every question of that moment, not only by those on their way.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const protoDir = join(dirname(fileURLToPath(import.meta.url)), '../../proto');
const definition = loadSync('dh/advisor/v1/plan_advisor.proto', {
  includeDirs: [protoDir],
  enums: String,
});
const { PlanAdvisor } = loadPackageDefinition(definition).dh.advisor.v1;

const STOPPED = 'stopped-by-operator';
const level = { level: 0, stage: 0, beamletCount: 1, histogramSigmaGy: 2.5 };
const start = {
  protocol: { major: 1, minor: 0 },
  client: 'bench-swaps',
  planKey: 'swaps',
  solver: 'SOLVER_DH',
  adviceMode: 'ADVICE_MODE_ADVISE',
  structures: [
    {
      ...{ name: 'PTV70', role: 'STRUCTURE_ROLE_TARGET', volumeCc: 100, voxelCount: 800 },
      ...{ objectiveWeight: 1, prescribedDoseGy: 70 },
      prescription: [
        { doseGy: 70, volumeFraction: 1 },
        { doseGy: 72, volumeFraction: 0 },
      ],
    },
  ],
  beams: [{ gantryDeg: 0, couchDeg: 0, columns: 1, rows: 1, columnWidthMm: 5, rowHeightMm: 5 }],
  weightCeiling: 0.2,
  weightSteepness: 0.5,
  levels: [
    {
      ...{ level: 0, beamletCount: 1, histogramSigmaGy: 2.5, iterationLimit: 500 },
      ...{ tolerance: 1e-6, varianceLowerGy2: 1.5, varianceUpperGy2: 9 },
    },
  ],
  accepts: ['ROLE_INITIALIZATION', 'ROLE_EARLY_STOPPING', 'ROLE_ADAPTIVE_VARIANCE'],
};

/** Milliseconds since 1970, finer than a millisecond; the same in every process of the machine. */
const wallMs = () => performance.timeOrigin + performance.now();

const told = { phase: 'warm-up', isOver: false };
/** Times in microseconds by phase. */
const timesUs = new Map();
const counts = { plans: 0, answers: 0, streamErrors: 0, wrongGeneration: 0 };
const generations = new Set();
/** By plan: when it first heard that advice is stopped. */
const stoppedAtMs = new Map();
let appliedAfterStop = 0;

/** One plan from start to finish; resolves when its stream has closed. */
function runPlan(client, index, { periodMs, iterations }) {
  const call = client.advise();
  return new Promise((resolve) => {
    let generation;
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
        generations.add(generation);
        counts.plans += 1;
        call.write({ geometry: {} });
      } else if (event.geometry) {
        call.write({ levelStart: { ...level, varianceLowerGy2: 1.5, varianceUpperGy2: 9 } });
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
      resolve();
    });
    call.write({ start });
  });
}

async function runStream(client, index, load) {
  while (!told.isOver) await runPlan(client, index, load);
}

process.on('message', async (message) => {
  if (message.address) {
    const { address, plans, ...load } = message;
    // One connection each, as different optimizers have.
    const clients = Array.from(
      { length: plans },
      () =>
        new PlanAdvisor(address, credentials.createInsecure(), {
          'grpc.use_local_subchannel_pool': 1,
        }),
    );
    await Promise.all(clients.map((client, index) => runStream(client, index, load)));
    for (const client of clients) client.close();
    const answer = { counts, generations: generations.size, timesUs: [...timesUs] };
    process.send(answer, () => process.disconnect());
  } else if (message.phase) {
    told.phase = message.phase;
  } else if (message.forgetStop) {
    stoppedAtMs.clear();
    appliedAfterStop = 0;
    told.stoppedMs = undefined;
  } else if (message.stoppedMs) {
    told.stoppedMs = message.stoppedMs;
  } else if (message.askStop) {
    process.send({ stop: { atMs: [...stoppedAtMs.values()], appliedAfterStop } });
  } else if (message.end) {
    told.isOver = true;
  }
});

// Whoever started it is gone.
process.on('disconnect', () => process.exit());
